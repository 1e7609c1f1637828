import FixedPoint

#if canImport(CIntrinsics)
  import CIntrinsics
#endif

/// One step of an LSTM's cell and state: the arithmetic of `LSTM` after its products.
struct LSTMStep: BitwiseCopyable {
  let hidden: Int
  /// How the recurrent sums of all gates are rescaled to Q4.11.
  let mantissas: UnsafePointer<Int32>
  let shifts: UnsafePointer<Int32>
  let cellFractionBits: Int32
  let output: Rescaler
  let zeroPoint: Int32
  let variant: KernelVariant

  /// Advances `cell` and `state` by the sums of both products: the input's rescaled to Q4.11, the recurrent ones as they are.
  func advance(
    _ input: UnsafePointer<Int32>, _ recurrent: UnsafePointer<Int32>,
    cell: UnsafeMutablePointer<Int16>, state: UnsafeMutablePointer<Int8>
  ) {
    var done = 0
    #if canImport(CIntrinsics)
      if variant != .portable {
        done = Sigmoid.withCoefficients { coefficients in
          #if arch(x86_64)
            if variant == .avx512VNNI {
              edged_lstm_avx512(
                input, recurrent, mantissas, shifts, hidden, coefficients, cellFractionBits,
                output.mantissa, output.shift, zeroPoint, cell, state)
              return hidden
            }
            return edged_lstm_avx2(
              input, recurrent, mantissas, shifts, hidden, coefficients, cellFractionBits,
              output.mantissa, output.shift, zeroPoint, cell, state)
          #elseif arch(arm64)
            edged_lstm_neon(
              input, recurrent, mantissas, shifts, hidden, coefficients, cellFractionBits,
              output.mantissa, output.shift, zeroPoint, cell, state)
          #else
            0
          #endif
        }
      }
    #endif
    for unit in done..<hidden {
      advance(unit, input, recurrent, cell: cell, state: state)
    }
  }

  /// One unit.
  @inline(__always)
  private func advance(
    _ unit: Int, _ input: UnsafePointer<Int32>, _ recurrent: UnsafePointer<Int32>,
    cell: UnsafeMutablePointer<Int16>, state: UnsafeMutablePointer<Int8>
  ) {
    func gate(_ number: Int) -> Int16 {
      let index = number &* hidden &+ unit
      let rescale = Rescaler(mantissa: mantissas[index], shift: shifts[index])
      return Int16(clamping: input[index] &+ rescale(recurrent[index]))
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
