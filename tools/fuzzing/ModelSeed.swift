import Acoustics
import Inference
@testable import InferenceTests
import ModelFile
import Quantization
import Recognition
import TestSupport

/// Small models of random networks, made by the side that writes them.
enum ModelSeed {
  /// A file of a few kilobytes: networks along time and of fixed length, of every kind of operator,
  /// and every group of extra features in one of eight.
  static func file(_ random: inout SplitMix) -> [UInt8] {
    let style: Style = random.chance(0.3) ? .extreme : .typical
    guard random.chance(1 / 8) else {
      let program =
        random.chance(0.5)
        ? TestProgram.network(style, &random) : TestProgram.windowed(style, &random)
      let coefficients = program.tensors[0].channels
      let bands = coefficients + (random.chance(0.5) ? 3 : 0)
      let definition = FrontEndDefinition(
        frame: [16, 38, 64].randomElement(using: &random)!, hop: 16, bands: bands,
        coefficients: coefficients)
      return file(program, definition, &random)
    }
    return file(definitionWithExtras(&random), style, &random)
  }

  /// A small network behind the front end of `definition`.
  static func file(
    _ definition: FrontEndDefinition, _ style: Style, _ random: inout SplitMix
  ) -> [UInt8] {
    var program = TestProgram(channels: definition.columns)
    let rows = program.matrix(.conv1D, 0, outputs: 4, kernel: 2, style, &random)
    let pooled = program.pool(.statisticsPool, rows, &random)
    _ = program.matrix(.logits, pooled, outputs: 2, style, &random)
    return file(program, definition, &random)
  }

  /// One group of features beside the coefficients, or any of them.
  static func definitionWithExtras(_ random: inout SplitMix) -> FrontEndDefinition {
    var groups = UInt32(
      random.chance(0.5) ? 1 << random.integer(0...8) : random.integer(1...511))
    let (deltas, deltaDeltas) = (
      FrontEndDefinition.Extras.deltas.rawValue, FrontEndDefinition.Extras.deltaDeltas.rawValue
    )
    if groups & deltaDeltas != 0 { groups |= deltas }
    return FrontEndDefinition(
      frame: 64, hop: 32, bands: 8, coefficients: 4, extras: .init(rawValue: groups),
      runningMeans: Int32(random.integer(0...2)))
  }

  /// Tables that were made already: sines and filters take longer than all the rest of a file.
  nonisolated(unsafe) private static var frontEnds: [[Int32]: [UInt8]] = [:]

  private static func frontEnd(_ definition: FrontEndDefinition) -> [UInt8] {
    let key = [
      definition.frame, definition.hop, definition.fft, definition.bands, definition.coefficients,
      Int32(definition.extras.rawValue), definition.runningMeans,
    ]
    if let known = frontEnds[key] { return known }
    let section = try! FrontEndTables.section(for: definition)
    if frontEnds.count < 1000 { frontEnds[key] = section }
    return section
  }

  private static func file(
    _ program: TestProgram, _ definition: FrontEndDefinition, _ random: inout SplitMix
  ) -> [UInt8] {
    let classes = Int(program.tensors.last!.channels)
    let columns = definition.columns
    var writer = ModelContainerWriter()
    // Each of these only refuses definitions that are not among those above.
    writer.add(.frontEnd, bytes: frontEnd(definition))
    writer.add(
      .features,
      bytes: try! FeatureTables.section(
        for: definition, means: (0..<columns).map { _ in .random(in: -2...2, using: &random) },
        deviations: (0..<columns).map { _ in .random(in: 0.5...4, using: &random) }))
    var parameters = RecognitionParameters.standard
    parameters.contextFrames = 10
    parameters.interimFrames = 5
    parameters.prerollFrames = Int32(random.integer(0...4))
    parameters.hangoverFrames = Int32(random.integer(1...6))
    parameters.baselineSpeechFrames = Int32(random.integer(1...8))
    if random.chance(0.3) {
      parameters.detector.kind = 2
      parameters.detector.version = 2
      addDetector(&writer, definition, &random)
    }
    writer.add(.recognition, elements: [parameters])
    let (bands, rest) = (Int(definition.bands) + 1, definition.rawCount - Int(definition.bands) - 1)
    writer.add(
      .corpusMean,
      elements: [Int32](repeating: 8 << 16, count: bands) + [Int32](repeating: 0, count: rest))
    writer.add(.operators, elements: program.operators)
    writer.add(.tensors, elements: program.tensors)
    writer.add(.weights, bytes: program.weights)
    writer.add(
      .labels, elements: (0..<classes).compactMap { ClassLabel(name: "c\($0)", label: "happy") })
    writer.add(.card, bytes: Array("{}".utf8))
    writer.add(
      .knownFrames,
      elements: (0..<2 * definition.rawCount).map { _ in Int32(random.integer(-9...9)) << 16 })
    writer.add(.knownLogits, elements: [Int32](repeating: 0, count: classes))
    if random.chance(0.5) {
      let means = (0..<classes * classes).map { index in
        Int32(random.integer(index % (classes + 1) == 0 ? 1...9 : -9...9)) << 16
      }
      let record = [
        random.integer(1...64), random.integer(1...64), random.integer(1...1 << 20),
      ].map { Int32($0) }
      writer.add(.talkerBias, elements: record + means)
    }
    if random.chance(0.5) {
      writer.add(.knownTalkerGain, elements: [Int32(random.integer(1 << 14...1 << 18))])
    }
    return writer.file()
  }

  /// A network that hears speech in the bands of `definition`.
  private static func addDetector(
    _ writer: inout ModelContainerWriter, _ definition: FrontEndDefinition,
    _ random: inout SplitMix
  ) {
    let own = FrontEndDefinition(
      bands: definition.bands, coefficients: Int32(random.integer(1...Int(definition.bands))))
    let columns = own.columns
    var program = TestProgram(channels: columns)
    let rows = program.matrix(
      .conv1D, 0, outputs: 3, kernel: random.integer(1...3), .typical, &random)
    let last = program.lastRow(rows)
    _ = program.matrix(.logits, last, outputs: 2, .typical, &random)
    writer.add(.detector, elements: [NetworkDetector.Parameters(open: 0, keep: -65_536)])
    writer.add(
      .detectorFeatures,
      bytes: try! FeatureTables.section(
        for: own, means: (0..<columns).map { _ in .random(in: -2...2, using: &random) },
        deviations: (0..<columns).map { _ in .random(in: 0.5...4, using: &random) }))
    writer.add(.detectorOperators, elements: program.operators)
    writer.add(.detectorTensors, elements: program.tensors)
    writer.add(.detectorWeights, bytes: program.weights)
    writer.add(
      .detectorKnownFrames,
      elements: (0..<2 * Int(own.bands + 1)).map { _ in Int32(random.integer(-9...9)) << 16 })
    writer.add(.detectorKnownLogits, elements: [Int32](repeating: 0, count: 2))
  }
}
