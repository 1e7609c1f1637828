import Acoustics

/// The cost of the cepstral coefficients alone on this processor, whatever the model: from samples
/// to int8.
public struct CepstrumBenchmark: Sendable {
  /// Time for a second of audio.
  public let second: Timing

  /// Measures the front end of these tables, which outlive this, in `rounds` rounds of at least
  /// `slice`, over `samples` at its rate (a second or more).
  public init(
    _ frontEnd: FrontEndTables, _ features: FeatureTables, rounds: Int, slice: Duration,
    samples: [Int16]
  ) {
    let definition = frontEnd.definition
    let bench = FrontEndBench(
      frontEnd, features, variant: .best,
      samples: Samples(samples, rate: Int(definition.sampleRate)))
    second = Stopwatch().time([bench.toInputs], rounds: rounds, slice: slice)[0].scaled(
      by: Double(definition.sampleRate) / Double(definition.hop))
  }
}
