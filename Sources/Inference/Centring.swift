import FixedPoint

/// Subtracts from a layer's output its mean over this talker's past segments.
///
/// Voices still differ after the baseline: a layer's channel is a little higher for one talker than
/// for another, whatever the emotion. Let x̄_j be the input at the end of past segment j (at the
/// last decision; for several contexts the mean over theirs, weighted by frames), mean its average
/// over all talkers, p the prior weight of that in segments, and amount, learnt per channel, the
/// share of the difference that is due to the talker and not the emotion:
///
///     y = x − amount · Σ_j (x̄_j − mean) / (n + p)      over the last n ≤ N past segments
///
/// From the N + 1st segment on the sum is multiplied by N / (N + 1) each time: older ones fade. The
/// offset is zero for an unknown talker, constant during a segment, and all in integers. Its state
/// outlives contexts and segments and is reset with the talker.
struct Centring: BitwiseCopyable {
  private struct Counts: BitwiseCopyable {
    /// Frames of this segment's finished contexts.
    var pendingFrames: Int64
    /// Number of past segments that count.
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
  private let variant: KernelVariant

  /// A copy of the last decision's input codes, whose own bytes are reused by other tensors.
  private let last: UnsafeMutablePointer<Int8>
  /// Subtracted from each channel, Q8 input steps.
  private let offsets: UnsafeMutablePointer<Int32>
  /// Codes of this segment's contexts, weighted by their frames.
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
    variant = plan.variant
    last = arena.take(Int8.self, count: channels)
    offsets = arena.take(Int32.self, count: channels)
    pending = arena.take(Int64.self, count: channels)
    sums = arena.take(Int64.self, count: channels)
    counts = arena.take(Counts.self, count: 1)
  }

  /// Makes the talker unknown from the next segment on.
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
    last.copy(from: input, count: channels)
    CodeGrids.centre(
      input, less: offsets, count: channels, zero: zero, requantize, least: least, into: output,
      variant: variant)
  }

  /// Ends a context of `frames` ≥ 1 frames with the last decision's input.
  ///
  /// A segment of 2³⁸ frames would last 87 years, and its sums of codes stay below 2⁴⁵.
  func endContext(frames: Int32) {
    for channel in 0..<channels { pending[channel] &+= Int64(frames) &* Int64(last[channel]) }
    counts.pointee.pendingFrames &+= Int64(frames)
  }

  /// Ends the segment, which joins the talker's past if it `isRemembered`.
  func endSegment(isRemembered: Bool) {
    if isRemembered, counts.pointee.pendingFrames > 0 { remember() }
    forgetSegment()
  }

  /// Adds the current segment to the sums, and updates the offsets.
  ///
  /// No product overflows. |x̄| ≤ 2¹⁵ and |mean| ≤ 2²⁴ give differences below 2²⁵, of which a sum
  /// has at most 65: below 2³². Multiplied by 64 segments that is below 2³⁸, by an amount of at
  /// most 2¹⁴ below 2⁴⁶. The offset is at most four times the largest difference, below 2²⁷.
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
