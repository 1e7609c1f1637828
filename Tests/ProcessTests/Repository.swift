import Foundation
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
