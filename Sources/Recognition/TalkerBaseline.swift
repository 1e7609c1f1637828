import FixedPoint

/// The average features of this talker's voice, to be subtracted from the current ones.
///
/// Voices differ more than emotions do. The mean of a talker's own past speech, unlabelled and
/// causal, is worth 4 to 7 points of accuracy and cancels the microphone's gain. With μ_q the mean
/// raw vector over the speech frames of past segment q, g the corpus mean and p its weight in
/// segments,
///
///     offset = (Σ μ_q + p·g) / (n + p) − g      over the last n ≤ `baselineSegments` segments
///
/// It is zero for an unknown talker, constant during a segment and recomputed at its end, all in
/// integers.
struct TalkerBaseline {
  /// Subtracted from every raw vector of a segment, Q16.
  let offset: UnsafeMutablePointer<Int32>
  /// Number of the talker's past segments that it averages.
  private(set) var segments: Int32 = 0

  private let width: Int
  private let capacity: Int32
  private let prior: Int64
  private let minimumFrames: Int32
  private let corpusMean: UnsafePointer<Int32>
  private let means: UnsafeMutablePointer<Int32>
  private let sums: UnsafeMutablePointer<Int64>
  private var frames: Int32 = 0
  private var next: Int32 = 0

  /// A baseline of vectors of `width` values whose corpus mean is `corpusMean`, in Q16.
  init(
    _ parameters: RecognitionParameters, corpusMean: UnsafePointer<Int32>, width: Int,
    arena: inout Arena
  ) {
    self.width = width
    self.corpusMean = corpusMean
    capacity = parameters.baselineSegments
    prior = Int64(parameters.baselinePrior)
    minimumFrames = parameters.baselineSpeechFrames
    offset = arena.take(Int32.self, count: width)
    means = arena.take(Int32.self, count: max(1, Int(capacity)) * width)
    sums = arena.take(Int64.self, count: width)
  }

  /// Forgets the talker: at a call's boundary or after a long silence.
  mutating func restart() {
    segments = 0
    next = 0
    offset.update(repeating: 0, count: width)
    forgetSegment()
  }

  /// Discards the current segment.
  mutating func forgetSegment() {
    frames = 0
    sums.update(repeating: 0, count: width)
  }

  /// Adds a speech frame of the current segment. The segment's own baseline does not change.
  ///
  /// No sum can overflow: a segment of 2³¹ frames would last eight months.
  mutating func add(_ raw: UnsafePointer<Int32>) {
    frames &+= 1
    for index in 0..<width { sums[index] &+= Int64(raw[index]) }
  }

  /// Whether the current segment has enough speech to be remembered.
  var isTelling: Bool { frames >= minimumFrames }

  /// Ends the current segment: its mean joins the past, and the offset is recomputed.
  mutating func endSegment() {
    defer { forgetSegment() }
    guard capacity > 0, isTelling else { return }
    let mean = means + Int(next) &* width
    for index in 0..<width {
      mean[index] = Int32(truncatingIfNeeded: roundedQuotient(sums[index], Int64(frames)))
    }
    next = next &+ 1 == capacity ? 0 : next &+ 1
    segments = min(segments &+ 1, capacity)
    for index in 0..<width { offset[index] = offsetOfElement(index) }
  }

  private func offsetOfElement(_ index: Int) -> Int32 {
    var sum = prior &* Int64(corpusMean[index])
    for segment in 0..<Int(segments) { sum &+= Int64(means[segment &* width &+ index]) }
    let mean = roundedQuotient(sum, Int64(segments) &+ prior)
    return Int32(truncatingIfNeeded: mean &- Int64(corpusMean[index]))
  }
}
