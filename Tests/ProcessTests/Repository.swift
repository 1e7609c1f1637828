import Foundation
import Inference
import ModelFile
import TestSupport

/// What tests use of the repository besides the built programs.
enum Repository {
  /// Its root folder.
  static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// The model that the daemon is tested with: the one that ships, or the one that EDGED_MODEL
  /// names.
  static let model =
    ProcessInfo.processInfo.environment["EDGED_MODEL"]
    ?? root.appending(path: "models/emotion.edge").path

  /// A copy of the model, which may be replaced or damaged.
  static func copyOfModel(in folder: TemporaryFolder) throws -> String {
    try FileManager.default.copyItem(atPath: model, toPath: folder.path("model.edge"))
    return folder.path("model.edge")
  }

  /// A model that computes the same and is another file: only its card says something else.
  static func modelWithAnotherCard(in folder: TemporaryFolder) throws -> String {
    let path = folder.path("another.edge")
    try rewrite(model, to: path) { kind, section in
      kind == .card ? Array(#"{"name":"another"}"#.utf8) : section
    }
    return path
  }

  /// The model with its last layer's input centred on the same grid: of an unknown talker it says
  /// what the model does, so that its known answer still comes out.
  static func modelThatCentres(in folder: TemporaryFolder) throws -> String {
    let path = folder.path("centred.edge")
    var (records, grids, weights) = ([Operator](), [Tensor](), [UInt8]())
    try rewrite(model, to: path) { kind, section in
      section.withUnsafeBytes { bytes in
        switch kind {
        case .operators: records = Array(bytes.bindMemory(to: Operator.self))
        case .tensors: grids = Array(bytes.bindMemory(to: Tensor.self))
        case .weights: weights = section
        default: break
        }
      }
      return section
    }
    let place = records.count - 1
    let input = records[place].inputs[0]
    let grid = grids[Int(input)]
    let layout = CentreLayout(channels: Int(grid.channels))
    let constants = try CentreConstants(inputScale: 1, outputScale: 1, prior: 4, segments: 40)
    weights += [UInt8](repeating: 0, count: -weights.count & 63)
    let start = weights.count
    var block = [UInt8](repeating: 0, count: layout.byteCount)
    try block.withUnsafeMutableBytes { block in
      for channel in 0..<layout.channels {
        try layout.pack(
          channel: channel, mean: Double(grid.zeroPoint), amount: 1, into: block.baseAddress!)
      }
      block.storeBytes(of: constants, toByteOffset: layout.constants, as: CentreConstants.self)
    }
    weights += block
    let output = Int32(grids.count - 1)
    records[place].inputs[0] = output
    records[place].output = output + 1
    records.insert(
      Operator(
        .centre, input: input, output: output, parameters: UInt64(start),
        parameterBytes: UInt64(layout.byteCount)), at: place)
    grids.insert(grid, at: Int(output))
    try rewrite(model, to: path) { kind, section in
      switch kind {
      case .operators: records.withUnsafeBytes { Array($0) }
      case .tensors: grids.withUnsafeBytes { Array($0) }
      case .weights: weights
      default: section
      }
    }
    return path
  }

  /// Writes the model's file at `source` anew, each section as `change` makes it, and `more` sections
  /// behind them.
  static func rewrite(
    _ source: String, to path: String, adding more: [(kind: SectionKind, bytes: [UInt8])] = [],
    change: (SectionKind, [UInt8]) -> [UInt8]
  ) throws {
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: source)))
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 64)
    defer { memory.deallocate() }
    memory.copyBytes(from: bytes)
    let container = try ModelContainer(UnsafeRawBufferPointer(memory))
    var writer = ModelContainerWriter()
    for number in UInt32(1)...64 {
      guard let kind = SectionKind(rawValue: number), let section = container.section(kind) else {
        continue
      }
      writer.add(kind, bytes: change(kind, Array(section)))
    }
    for section in more { writer.add(section.kind, bytes: section.bytes) }
    try Data(writer.file()).write(to: URL(fileURLWithPath: path))
  }
}
