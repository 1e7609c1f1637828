import FixedPoint

/// What a layer says, less what it has said of this talker's past segments on average.
///
/// Voices differ behind the baseline too: a layer's channel stands a little higher for one talker
/// than for another, whatever is felt. With x̄_j the input at the end of past segment j (what it was
/// at the last decision; of a segment with several contexts the mean over theirs, weighted by
/// frames), mean what it is over everybody, p the weight of that in segments, and amount how much of
/// the difference is the talker's and not the emotion's, which is learned for each channel:
///
///     y = x − amount · Σ_j (x̄_j − mean) / (n + p)      over the last n ≤ N past segments
///
/// From the N + 1st segment on the sum is multiplied by N / (N + 1) each time: older ones fade. It
/// is zero for an unknown talker, frozen while a segment lasts, and all in integers. Its state
/// outlives contexts and segments and goes with the talker.
struct Centring: BitwiseCopyable {
  private struct Counts: BitwiseCopyable {
    /// Frames of the contexts of this segment that are over.
    var pendingFrames: Int64
    /// Past segments that count.
    var segments: Int64
  }

  private let means: UnsafePointer<Int32>
  private let amounts: UnsafePointer<Int32>
  private let prior: Int64
  private let segments: Int64
  private let requantize: Requantizer
  private let input: UnsafePointer<Int8>
  private let output: UnsafeMutablePointer<Int8>
  private let channels: Int
  private let zero: Int32
  private let least: Int8

  /// The codes of the last decision: the input's own bytes serve other tensors afterwards.
  private let last: UnsafeMutablePointer<Int8>
  /// Subtracted from each channel, Q8 input steps.
  private let offsets: UnsafeMutablePointer<Int32>
  /// Codes of this segment's contexts times their frames.
  private let pending: UnsafeMutablePointer<Int64>
  /// Σ_j (x̄_j − mean), Q8 input steps.
  private let sums: UnsafeMutablePointer<Int64>
  private let counts: UnsafeMutablePointer<Counts>

  init(_ step: Operator, in program: Program, plan: RowPlan, arena: inout Arena) {
    let from = program.tensors[Int(step.inputs[0])]
    let to = program.tensors[Int(step.output)]
    channels = Int(from.channels)
    let layout = CentreLayout(channels: channels)
    let block = program.block(of: step)
    let constants = (block + layout.constants).load(as: CentreConstants.self)
    means = (block + layout.means).assumingMemoryBound(to: Int32.self)
    amounts = (block + layout.amounts).assumingMemoryBound(to: Int32.self)
    prior = Int64(constants.prior)
    segments = Int64(constants.segments)
    requantize = Requantizer(
      mantissa: constants.mantissa, shift: constants.shift, zeroPoint: to.zeroPoint)
    input = UnsafePointer(plan.rows(step.inputs[0]))
    output = plan.rows(step.output)
    zero = from.zeroPoint
    least = step.hasRelu ? Int8(truncatingIfNeeded: to.zeroPoint) : -128
    last = arena.take(Int8.self, count: channels)
    offsets = arena.take(Int32.self, count: channels)
    pending = arena.take(Int64.self, count: channels)
    sums = arena.take(Int64.self, count: channels)
    counts = arena.take(Counts.self, count: 1)
  }

  /// The next segment is an unknown talker's.
  func forgetTalker() {
    last.update(repeating: Int8(truncatingIfNeeded: zero), count: channels)
    offsets.update(repeating: 0, count: channels)
    sums.update(repeating: 0, count: channels)
    counts.pointee.segments = 0
    forgetSegment()
  }

  /// Makes the one row of a decision.
  ///
  /// |(q − zero)·256| < 2¹⁶ and offsets are below 2²⁷ (`remember`): their difference cannot wrap.
  func run() {
    for channel in 0..<channels {
      let code = input[channel]
      last[channel] = code
      output[channel] = max(
        requantize((Int32(code) &- zero) &* 256 &- offsets[channel]), least)
    }
  }

  /// A context of `frames` ≥ 1 frames ends with what was decided last.
  ///
  /// A segment of 2³⁸ frames would last 87 years, and its sums of codes stay below 2⁴⁵.
  func endContext(frames: Int32) {
    for channel in 0..<channels { pending[channel] &+= Int64(frames) &* Int64(last[channel]) }
    counts.pointee.pendingFrames &+= Int64(frames)
  }

  /// The segment is over, and counts among the talker's past if it `isRemembered`.
  func endSegment(isRemembered: Bool) {
    if isRemembered, counts.pointee.pendingFrames > 0 { remember() }
    forgetSegment()
  }

  /// Takes the segment at hand into the sums, and renews the offsets.
  ///
  /// No product overflows. |x̄| ≤ 2¹⁵ and |mean| ≤ 2²⁴ make differences below 2²⁵, of which at most
  /// 65 are in a sum: below 2³². Times 64 segments that is below 2³⁸, and times an amount of at most
  /// 2¹⁴ below 2⁴⁶. An offset is at most four times the greatest difference, below 2²⁷.
  private func remember() {
    let heard = counts.pointee.segments &+ 1
    let known = min(heard, segments)
    for channel in 0..<channels {
      let mean = roundedQuotient(256 &* pending[channel], counts.pointee.pendingFrames)
      var sum = sums[channel] &+ mean &- Int64(means[channel])
      if heard > segments { sum = roundedQuotient(sum &* segments, heard) }
      sums[channel] = sum
      let offset = roundedQuotient(sum &* Int64(amounts[channel]), (known &+ prior) &* 4096)
      offsets[channel] = Int32(clamping: offset)
    }
    counts.pointee.segments = known
  }

  private func forgetSegment() {
    pending.update(repeating: 0, count: channels)
    counts.pointee.pendingFrames = 0
  }
}
