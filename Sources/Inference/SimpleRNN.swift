import FixedPoint

/// A plain recurrent layer in integers: `h ← tanh(W·x + R·h + b)`, int8 rows in and out.
///
/// Both products are exact int32 sums, rescaled to Q4.11 without saturation, added, and saturated
/// once to 16 bits, as the gates of `LSTM` are; tanh in Q0.15 is then rounded once to the output's
/// grid.
struct SimpleRNN: BitwiseCopyable {
  private let inputLayer: LinearLayer
  private let recurrentLayer: LinearLayer
  private let rescale: Rescaler
  private let zeroPoint: Int32
  private let input: UnsafePointer<Int8>
  private let output: UnsafeMutablePointer<Int8>
  private let channels: Int
  private let hidden: Int
  private let sums: UnsafeMutablePointer<Int32>
  private let recurrentSums: UnsafeMutablePointer<Int32>
  private let state: UnsafeMutablePointer<Int8>

  init(_ step: Operator, in program: Program, plan: RowPlan, arena: inout Arena) {
    let to = program.tensors[Int(step.output)]
    hidden = Int(to.channels)
    channels = Int(program.tensors[Int(step.inputs[0])].channels)
    let layout = RecurrentLayout(gates: 1, channels: channels, hidden: hidden)
    let block = program.block(of: step)
    let constants = (block + layout.constants).load(as: PoolConstants.self)
    inputLayer = LinearLayer(layout.input, at: block, variant: plan.variant, arena: &arena)
    recurrentLayer = LinearLayer(
      layout.recurrent, at: block + layout.recurrentOffset, variant: plan.variant, arena: &arena)
    rescale = Rescaler(mantissa: constants.mantissa, shift: constants.shift)
    zeroPoint = to.zeroPoint
    input = UnsafePointer(plan.rows(step.inputs[0]))
    output = plan.rows(step.output)
    sums = plan.sums
    recurrentSums = plan.recurrentSums
    state = arena.take(Int8.self, count: hidden + RowPlan.overread)
  }

  func prepare() {
    inputLayer.prepare()
    recurrentLayer.prepare()
  }

  /// Sets the state to zero.
  func restart() {
    state.update(repeating: Int8(truncatingIfNeeded: zeroPoint), count: hidden)
  }

  /// Computes `count` rows, beginning with row `first`.
  func push(_ count: Int, from first: Int) -> Int {
    inputLayer.multiply(input + first &* channels, stride: channels, rows: count, into: sums)
    inputLayer.rescale(sums, rows: count)
    for row in 0..<count {
      recurrentLayer.multiply(state, stride: hidden, rows: 1, into: recurrentSums)
      recurrentLayer.rescale(recurrentSums, rows: 1)
      let sums = sums + row &* inputLayer.matrix.paddedOutputs
      for unit in 0..<hidden {
        let said = Sigmoid.tanh(Int16(clamping: sums[unit] &+ recurrentSums[unit]))
        state[unit] = Int8(clamping: rescale(Int32(said)) &+ zeroPoint)
      }
      (output + (first &+ row) &* hidden).copy(from: state, count: hidden)
    }
    return count
  }
}
