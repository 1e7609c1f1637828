import FixedPoint

/// Long short-term memory in integers: int8 rows in and out, gates in Q4.11, an int16 cell.
///
/// The input's product is computed for all rows of a call at once, the recurrent one row by row.
/// Both are exact int32 sums, rescaled to Q4.11 without saturation, added, and saturated once to 16
/// bits; then
///
///     c ← sat16(rnd(f·c, 15) + rnd(i·g, 30 − n))    with n fraction bits in the cell
///     h ← requantized(o · tanh c)
///
/// Q4.11 instead of TensorFlow Lite's Q3.12: 3.9 % of gates exceed ±8, and over minutes the
/// clipping costs 13 dB. After Li & Alvarez, arXiv:2101.05453.
struct LSTM: BitwiseCopyable {
  private let inputLayer: LinearLayer
  private let steps: LSTMSteps
  private let input: UnsafePointer<Int8>
  private let output: UnsafeMutablePointer<Int8>
  private let channels: Int
  private let sums: UnsafeMutablePointer<Int32>
  private let state: UnsafeMutablePointer<Int8>
  private let cell: UnsafeMutablePointer<Int16>

  init(_ step: Operator, in program: Program, plan: RowPlan, arena: inout Arena) {
    let to = program.tensors[Int(step.output)]
    let hidden = Int(to.channels)
    channels = Int(program.tensors[Int(step.inputs[0])].channels)
    let layout = RecurrentLayout(gates: 4, channels: channels, hidden: hidden)
    let block = program.block(of: step)
    let constants = (block + layout.constants).load(as: LSTMConstants.self)
    inputLayer = LinearLayer(layout.input, at: block, variant: plan.variant, arena: &arena)
    steps = LSTMSteps(
      recurrent: LinearLayer(
        layout.recurrent, at: block + layout.recurrentOffset, variant: plan.variant, arena: &arena),
      hidden: hidden, cellFractionBits: constants.cellFractionBits,
      output: Rescaler(mantissa: constants.mantissa, shift: constants.shift),
      zeroPoint: to.zeroPoint, variant: plan.variant, sums: plan.recurrentSums)
    input = UnsafePointer(plan.rows(step.inputs[0]))
    output = plan.rows(step.output)
    sums = plan.sums
    state = arena.take(Int8.self, count: hidden + RowPlan.overread)
    cell = arena.take(Int16.self, count: hidden)
  }

  func prepare() {
    inputLayer.prepare()
    steps.recurrent.prepare()
  }

  /// Sets cell and state to zero.
  func restart() {
    state.update(repeating: Int8(truncatingIfNeeded: steps.zeroPoint), count: steps.hidden)
    cell.update(repeating: 0, count: steps.hidden)
  }

  /// Computes `count` rows, beginning with row `first`.
  func push(_ count: Int, from first: Int) -> Int {
    inputLayer.multiply(
      input + first &* channels, stride: channels, rows: count, into: sums)
    inputLayer.rescale(sums, rows: count)
    steps.advance(
      count, sums, cell: cell, state: state, into: output + first &* steps.hidden)
    return count
  }
}
