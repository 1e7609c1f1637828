import Acoustics
import Inference
import ModelFile

/// The cost of every part of a model on this processor.
public struct ModelBenchmark: Sendable {
  /// Frames of `Figure.window`: 2.8 s of 10 ms frames.
  public static let windowFrames = 280
  /// Frames of `Figure.update`: 100 ms of 10 ms frames.
  public static let updateFrames = 10
  /// The call sizes that the network is measured with: one frame, 40 ms, and the maximum.
  public static let blocks = [1, 4, Graph.maximumRows]

  /// The kernels that were measured.
  public let variant: KernelVariant
  /// Bytes of memory that one stream takes when it starts.
  public let arenaBytes: Int
  /// Frames in a second of audio.
  public let framesPerSecond: Double
  /// Every figure that applies to the model.
  public let timings: [Figure: Timing]
  private let multiplications: [Figure: Double]

  /// Measures `loaded` with kernels of `variant`, in `rounds` rounds of at least `slice` for each
  /// figure, over `samples` at the model's rate (a second or more) or over a built-in sound;
  /// `progress` is called for each round.
  public init(
    _ loaded: LoadedModel, variant: KernelVariant, rounds: Int,
    slice: Duration = .milliseconds(1), samples: [Int16]? = nil, progress: () -> Void = {}
  ) {
    let contest = ModelContest(loaded, variant: variant, samples: samples)
    let figures = contest.figures
    let seconds = Stopwatch().time(
      figures.map(contest.contestant), rounds: rounds, slice: slice, progress: progress)
    var timings: [Figure: Timing] = [:]
    for (figure, timing) in zip(figures, seconds) {
      timings[figure] = timing.scaled(by: contest.runs(of: figure))
    }
    self.variant = variant
    self.timings = timings
    arenaBytes = contest.arenaBytes
    framesPerSecond = contest.framesPerSecond
    multiplications = contest.multiplications
  }

  /// The time of `figure`; nil if it does not apply to the model.
  public subscript(figure: Figure) -> Timing? { timings[figure] }

  /// Multiplications of int8 codes in `figure`; nil if it has none.
  public func multiplications(in figure: Figure) -> Double? {
    multiplications[figure].flatMap { $0 > 0 ? $0 : nil }
  }

  /// Multiplications per second in `figure`; nil if it has none.
  public func rate(of figure: Figure) -> Double? {
    guard let count = multiplications(in: figure), let timing = timings[figure] else { return nil }
    return count / timing.median
  }

  /// The rate of `figure` over that of registers alone; nil if either is missing.
  public func shareOfPeak(_ figure: Figure) -> Double? {
    guard let peak = rate(of: .registerPeak), let rate = rate(of: figure) else { return nil }
    return rate / peak
  }
}
