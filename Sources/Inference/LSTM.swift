import FixedPoint

/// Long short-term memory in integers: int8 rows in and out, gates in Q4.11, an int16 cell.
///
/// The input's product is taken over all rows of a call at once, the recurrent one row by row. Both are exact int32 sums,
/// rescaled to Q4.11 without saturation, added, and saturated once to 16 bits; then
///
///     c ← sat16(rnd(f·c, 15) + rnd(i·g, 30 − n))    with n fraction bits in the cell
///     h ← requantized(o · tanh c)
///
/// Q4.11 and not the Q3.12 of TensorFlow Lite: 3.9 % of gates exceed ±8, and over minutes the clipping costs 13 dB.
/// After Li & Alvarez, arXiv:2101.05453.
struct LSTM: BitwiseCopyable {
  private let inputMatrix: Matrix
  private let recurrentMatrix: Matrix
  private let input: UnsafePointer<Int8>
  private let output: UnsafeMutablePointer<Int8>
  private let channels: Int
  private let hidden: Int
  private let plan: RowPlan
  private let state: UnsafeMutablePointer<Int8>
  private let cell: UnsafeMutablePointer<Int16>
  private let gates: UnsafeMutablePointer<Int16>
  private let cellFractionBits: Int32
  private let outputRescaler: Rescaler
  private let zeroPoint: Int32

  init(_ step: Operator, in program: Program, plan: RowPlan, arena: inout Arena) {
    let to = program.tensors[Int(step.output)]
    channels = Int(program.tensors[Int(step.inputs[0])].channels)
    hidden = Int(to.channels)
    let layout = LSTMLayout(channels: channels, hidden: hidden)
    let block = program.block(of: step)
    let constants = (block + layout.constants).load(as: LSTMConstants.self)
    inputMatrix = Matrix(layout.input, at: block)
    recurrentMatrix = Matrix(layout.recurrent, at: block + layout.recurrentOffset)
    cellFractionBits = constants.cellFractionBits
    outputRescaler = Rescaler(mantissa: constants.mantissa, shift: constants.shift)
    zeroPoint = to.zeroPoint
    input = UnsafePointer(plan.rows(step.inputs[0]))
    output = plan.rows(step.output)
    self.plan = plan
    state = arena.take(Int8.self, count: hidden + RowPlan.overread)
    cell = arena.take(Int16.self, count: hidden)
    gates = arena.take(Int16.self, count: 4 * hidden)
  }

  /// The cell is zero, and so is what it last said.
  func restart() {
    state.update(repeating: Int8(truncatingIfNeeded: zeroPoint), count: hidden)
    cell.update(repeating: 0, count: hidden)
  }

  /// Makes a row of each of `count`.
  func push(_ count: Int) -> Int {
    MatrixProduct.multiply(inputMatrix, input, stride: channels, rows: count, into: plan.sums)
    inputMatrix.rescale(plan.sums, rows: count)
    for row in 0..<count {
      MatrixProduct.multiply(
        recurrentMatrix, state, stride: hidden, rows: 1, into: plan.recurrentSums)
      recurrentMatrix.rescale(plan.recurrentSums, rows: 1)
      let sums = plan.sums + row &* inputMatrix.paddedOutputs
      for index in 0..<4 &* hidden {
        gates[index] = Int16(clamping: sums[index] &+ plan.recurrentSums[index])
      }
      advance()
      (output + row &* hidden).update(from: state, count: hidden)
    }
    return count
  }

  /// One step of cell and state from the gates.
  private func advance() {
    let newShift = 30 &- cellFractionBits
    let newHalf: Int32 = 1 &<< (newShift &- 1)
    for unit in 0..<hidden {
      let inputGate = Int32(Sigmoid.logistic(gates[unit]))
      let forgetGate = Int32(Sigmoid.logistic(gates[hidden &+ unit]))
      let candidate = Int32(Sigmoid.tanh(gates[2 &* hidden &+ unit]))
      let outputGate = Int32(Sigmoid.logistic(gates[3 &* hidden &+ unit]))
      let kept = (forgetGate &* Int32(cell[unit]) &+ 0x4000) &>> 15
      let added = (inputGate &* candidate &+ newHalf) &>> newShift
      let next = Int16(clamping: kept &+ added)
      cell[unit] = next
      let said = outputRescaler(outputGate &* Int32(Sigmoid.centered(argument(next))))
      state[unit] = Int8(clamping: said &+ zeroPoint)
    }
  }

  /// The cell in Q3.12, saturated, where tanh is flat.
  @inline(__always)
  private func argument(_ cell: Int16) -> Int16 {
    let shift = cellFractionBits &- 12
    return shift > 0
      ? Int16(truncatingIfNeeded: (Int32(cell) &+ 1 &<< (shift &- 1)) &>> shift)
      : Int16(clamping: Int32(cell) &<< (0 &- shift))
  }
}
