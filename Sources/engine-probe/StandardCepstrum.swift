import Acoustics
import Benchmark
import Quantization

/// The front end of a model that asks for nothing of its own, as others are compared with it: 40
/// coefficients of 40 mel bands.
enum StandardCepstrum {
  /// How long it takes from a second of audio to int8 coefficients, with standard input to listen
  /// to.
  static func microseconds() throws -> Double {
    let definition = FrontEndDefinition()
    let ones = [Double](repeating: 1, count: definition.columns)
    let frontEnd = AlignedMemory(try FrontEndTables.section(for: definition))
    let features = AlignedMemory(
      try FeatureTables.section(for: definition, means: ones, deviations: ones))
    defer { withExtendedLifetime((frontEnd, features)) {} }
    return try CepstrumBenchmark(
      FrontEndTables(frontEnd.bytes), FeatureTables(features.bytes, for: definition), rounds: 1,
      slice: .milliseconds(50), samples: EngineProbe.input(as: Int16.self)
    ).second.median * 1e6
  }
}
