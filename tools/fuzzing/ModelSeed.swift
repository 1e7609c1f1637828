import Acoustics
import Inference
@testable import InferenceTests
import ModelFile
import Quantization
import Recognition

/// Small models of random networks, made by the side that writes them.
enum ModelSeed {
  /// A file of a few kilobytes: networks along time and of fixed length, of every kind of operator, and voice features in one
  /// of eight.
  static func file(_ random: inout SplitMix) -> [UInt8] {
    let style: Style = random.chance(0.3) ? .extreme : .typical
    guard random.chance(1 / 8) else {
      let program =
        random.chance(0.5)
        ? TestProgram.network(style, &random) : TestProgram.windowed(style, &random)
      let coefficients = program.tensors[0].channels
      let bands = coefficients + Int32(random.integer(0...4))
      let definition = FrontEndDefinition(
        frame: 2 * Int32(random.integer(8...32)), hop: 16, bands: bands, coefficients: coefficients)
      return file(program, definition, &random)
    }
    let definition = FrontEndDefinition(
      frame: 64, hop: 32, bands: 8, coefficients: 4, extras: .voice, runningMeans: 2)
    var program = TestProgram(channels: definition.columns)
    let rows = program.matrix(.conv1D, 0, outputs: 4, kernel: 2, style, &random)
    let pooled = program.pool(.statisticsPool, rows, &random)
    _ = program.matrix(.logits, pooled, outputs: 2, style, &random)
    return file(program, definition, &random)
  }

  private static func file(
    _ program: TestProgram, _ definition: FrontEndDefinition, _ random: inout SplitMix
  ) -> [UInt8] {
    let classes = Int(program.tensors.last!.channels)
    let columns = definition.columns
    var writer = ModelContainerWriter()
    // Each of these only refuses definitions that are not among those above.
    writer.add(.frontEnd, bytes: try! FrontEndTables.section(for: definition))
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
    writer.add(.recognition, elements: [parameters])
    writer.add(
      .corpusMean, elements: [Int32](repeating: 8 << 16, count: definition.rawCount))
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
    return writer.file()
  }
}
