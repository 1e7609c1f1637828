import FixedPoint

#if canImport(CIntrinsics)
  import CIntrinsics
#endif

/// The steps of an LSTM, one per row: the recurrent product, and the arithmetic of `LSTM` that
/// turns both products into cell and state.
struct LSTMSteps: BitwiseCopyable {
  /// The recurrent matrix of all gates; its sums are rescaled to Q4.11.
  let recurrent: LinearLayer
  let hidden: Int
  let cellFractionBits: Int32
  let output: Rescaler
  let zeroPoint: Int32
  let variant: KernelVariant
  /// Room for the recurrent sums of one row.
  let sums: UnsafeMutablePointer<Int32>

  /// Advances `cell` and `state` by `rows` ≥ 1 rows of the input's sums, rescaled to Q4.11, and
  /// writes every state to `rows` dense rows of `output`.
  func advance(
    _ rows: Int, _ input: UnsafePointer<Int32>, cell: UnsafeMutablePointer<Int16>,
    state: UnsafeMutablePointer<Int8>, into output: UnsafeMutablePointer<Int8>
  ) {
    #if canImport(CIntrinsics) && arch(x86_64)
      if variant == .avx512VNNI, hidden & 15 == 0 {
        let matrix = recurrent.matrix
        Sigmoid.withCoefficients {
          edged_lstm_avx512(
            matrix.weights, recurrent.startingSums, matrix.mantissas, matrix.shifts, hidden, input,
            rows, $0, cellFractionBits, self.output.mantissa, self.output.shift, zeroPoint, sums,
            cell, state, output)
        }
        return
      }
    #endif
    for row in 0..<rows {
      recurrent.multiply(state, stride: hidden, rows: 1, into: sums)
      advance(input + row &* recurrent.matrix.paddedOutputs, cell: cell, state: state)
      (output + row &* hidden).copy(from: state, count: hidden)
    }
  }

  /// One step, given its recurrent sums.
  private func advance(
    _ input: UnsafePointer<Int32>, cell: UnsafeMutablePointer<Int16>,
    state: UnsafeMutablePointer<Int8>
  ) {
    var done = 0
    #if canImport(CIntrinsics)
      if variant != .portable {
        let (mantissas, shifts) = (recurrent.matrix.mantissas, recurrent.matrix.shifts)
        done = Sigmoid.withCoefficients { coefficients in
          #if arch(x86_64)
            edged_lstm_avx2(
              input, sums, mantissas, shifts, hidden, coefficients, cellFractionBits,
              output.mantissa, output.shift, zeroPoint, cell, state)
          #elseif arch(arm64)
            edged_lstm_neon(
              input, sums, mantissas, shifts, hidden, coefficients, cellFractionBits,
              output.mantissa, output.shift, zeroPoint, cell, state)
          #else
            0
          #endif
        }
      }
    #endif
    for unit in done..<hidden {
      advance(unit, input, cell: cell, state: state)
    }
  }

  /// One unit.
  @inline(__always)
  private func advance(
    _ unit: Int, _ input: UnsafePointer<Int32>, cell: UnsafeMutablePointer<Int16>,
    state: UnsafeMutablePointer<Int8>
  ) {
    func gate(_ number: Int) -> Int16 {
      let index = number &* hidden &+ unit
      return Int16(clamping: input[index] &+ recurrent.matrix.rescaler(index)(sums[index]))
    }
    let inputGate = Int32(Sigmoid.logistic(gate(0)))
    let forgetGate = Int32(Sigmoid.logistic(gate(1)))
    let candidate = Int32(Sigmoid.tanh(gate(2)))
    let outputGate = Int32(Sigmoid.logistic(gate(3)))
    let newShift = 30 &- cellFractionBits
    let kept = (forgetGate &* Int32(cell[unit]) &+ 0x4000) &>> 15
    let added = (inputGate &* candidate &+ 1 &<< (newShift &- 1)) &>> newShift
    let next = Int16(clamping: kept &+ added)
    cell[unit] = next
    let said = output(outputGate &* Int32(Sigmoid.centered(argument(next))))
    state[unit] = Int8(clamping: said &+ zeroPoint)
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
