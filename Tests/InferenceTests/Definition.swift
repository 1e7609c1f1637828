import FixedPoint

@testable import Inference

/// What every operator means, in the plainest code that is right: over all rows of a context at
/// once, in 64-bit integers, from the numbers before they were laid out.
enum Definition {
  /// The rows of every tensor for a context of `rows` that `talker` said, or nobody known; the last
  /// tensor's one row is the logits.
  static func run(
    _ program: TestProgram, _ rows: [[Int]], talker: DefinedTalker? = nil
  ) -> [[[Int]]] {
    var values = [rows]
    for (index, step) in program.operators.enumerated() {
      let inputs = (0..<Int(step.inputCount)).map { values[Int(step.inputs[$0])] }
      let from = (0..<Int(step.inputCount)).map { program.tensors[Int(step.inputs[$0])] }
      values.append(
        apply(
          step, program.layers[index], inputs, from: from, to: program.tensors[index + 1],
          offsets: talker?.offsets(ofOperator: index)))
    }
    return values
  }

  static func apply(
    _ step: Operator, _ layer: Layer, _ inputs: [[[Int]]], from: [Tensor], to: Tensor,
    offsets: [Int]? = nil
  ) -> [[Int]] {
    let zero = Int(to.zeroPoint)
    let least = step.hasRelu ? zero : -128
    func code(_ value: Int) -> Int { min(max(value + zero, least), 127) }
    switch (step.kind, layer) {
    case (.conv1D, .matrix(let matrix)):
      return convolution(step, inputs[0], Int(from[0].zeroPoint)).map {
        rescaled(matrix, $0).map(code)
      }
    case (.dense, .matrix(let matrix)):
      return inputs[0].map { rescaled(matrix, $0).map(code) }
    case (.logits, .matrix(let matrix)):
      return [rescaled(matrix, inputs[0][0])]
    case (.maxPool1D, _):
      return stride(from: Int(step.kernel) - 1, to: inputs[0].count, by: Int(step.stride)).map {
        last in maxima(Array(inputs[0][last - Int(step.kernel) + 1...last]))
      }
    case (.lstm, .lstm(let input, let recurrent, let constants)):
      return lstm(inputs[0], input, recurrent, constants, zero)
    case (.affine, .affine(let mantissas, let offsets, let shifts)):
      return inputs[0].map { row in
        row.indices.map {
          min(max(rounded(row[$0] * mantissas[$0] + offsets[$0], shifts[$0]), least), 127)
        }
      }
    case (.add, .add(let constants)):
      return zip(inputs[0], inputs[1]).map { first, second in
        first.indices.map {
          code(
            rounded(
              (first[$0] - Int(from[0].zeroPoint)) * Int(constants.first)
                + (second[$0] - Int(from[1].zeroPoint)) * Int(constants.second),
              Int(constants.shift)))
        }
      }
    case (.concatenate, .concatenate(let constants)):
      return inputs[0].indices.map { row in
        inputs.indices.flatMap { place in
          inputs[place][row].map {
            code(
              max(
                rounded(
                  ($0 - Int(from[place].zeroPoint)) * Int(constants.mantissas[place]),
                  Int(constants.shifts[place])), -128 - zero))
          }
        }
      }
    case (.globalMaxPool, _):
      return [inputs[0].isEmpty ? zeros(to) : maxima(inputs[0])]
    case (.window, _):
      let held = Array(inputs[0].suffix(Int(step.kernel)))
      return held + Array(repeating: zeros(to), count: Int(step.kernel) - held.count)
    case (.lastRow, _):
      return [inputs[0].last ?? zeros(to)]
    case (_, .plane(let geometry, let matrix)):
      return plane(geometry, inputs[0], channels: to.channels) { places in
        let patch = places.map { $0 ?? Array(repeating: Int(from[0].zeroPoint), count: $1) }
        return step.kind == .depthwise2D
          ? patch[0].indices.map { feature in
            rescaled(matrix, patch.map { $0[feature] }, output: feature)
          }.map(code)
          : rescaled(matrix, patch.flatMap { $0 }).map(code)
      }
    case (_, .planePool(let geometry, let constants)):
      return plane(geometry, inputs[0], channels: to.channels) { places in
        let seen = places.compactMap { $0.0 }
        guard let constants else { return maxima(seen) }
        return seen[0].indices.map { feature in
          let sum = seen.reduce(0) { $0 + $1[feature] }
          let difference = quotient(sum, seen.count) - Int(from[0].zeroPoint) << 16
          return code(
            max(rounded(difference * Int(constants.mantissa), Int(constants.shift)), -500))
        }
      }
    case (.pack, .pack(let widths)):
      return packed(inputs[0], widths, channels: Int(to.channels))
    case (.simpleRNN, .recurrent(let input, let recurrent, let constants)):
      return simpleRNN(inputs[0], input, recurrent, constants, zero)
    case (.centre, .centre(_, _, let constants)):
      return inputs[0].map { row in
        row.indices.map {
          let steps = (row[$0] - Int(from[0].zeroPoint)) * 256 - (offsets?[$0] ?? 0)
          return code(rounded(steps * Int(constants.mantissa), Int(constants.shift)))
        }
      }
    case (_, .pool(let constants, let weights)):
      return [pool(step, inputs, constants, weights, from: from[0], to: to)]
    default:
      fatalError("no such operator")
    }
  }

  /// Rounded division by 2^shift, halves up.
  static func rounded(_ value: Int, _ shift: Int) -> Int { (value + 1 << (shift - 1)) >> shift }

  static func rescaled(_ matrix: TestMatrix, _ row: [Int]) -> [Int] {
    matrix.weights.indices.map { rescaled(matrix, row, output: $0) }
  }

  static func rescaled(_ matrix: TestMatrix, _ row: [Int], output: Int) -> Int {
    let sum = zip(matrix.weights[output], row).reduce(matrix.biases[output]) { $0 + $1.0 * $1.1 }
    let rescaler = matrix.rescalers[output]
    return rounded(sum * Int(rescaler.mantissa), Int(rescaler.shift))
  }

  static func zeros(_ tensor: Tensor) -> [Int] {
    Array(repeating: Int(tensor.zeroPoint), count: Int(tensor.channels))
  }

  static func maxima(_ rows: [[Int]]) -> [Int] {
    rows[0].indices.map { channel in rows.map { $0[channel] }.max()! }
  }

  /// The columns of a causal convolution: oldest tap first, zero point before the context.
  private static func convolution(_ step: Operator, _ rows: [[Int]], _ zero: Int) -> [[Int]] {
    let (kernel, dilation) = (Int(step.kernel), Int(step.dilation))
    return stride(from: 0, to: rows.count, by: Int(step.stride)).map { now in
      (0..<kernel).flatMap { tap in
        let row = now - (kernel - 1 - tap) * dilation
        return row < 0 ? Array(repeating: zero, count: rows[0].count) : rows[row]
      }
    }
  }

  private static func lstm(
    _ rows: [[Int]], _ input: TestMatrix, _ recurrent: TestMatrix, _ constants: LSTMConstants,
    _ zero: Int
  ) -> [[Int]] {
    let hidden = recurrent.weights[0].count
    let bits = Int(constants.cellFractionBits)
    func saturated(_ value: Int) -> Int { min(max(value, -32768), 32767) }
    func logistic(_ gate: Int) -> Int { Int(Sigmoid.logistic(Int16(gate))) }
    var state = Array(repeating: zero, count: hidden)
    var cell = Array(repeating: 0, count: hidden)
    return rows.map { row in
      let gates = zip(rescaled(input, row), rescaled(recurrent, state)).map { saturated($0 + $1) }
      for unit in 0..<hidden {
        let candidate = Int(Sigmoid.tanh(Int16(gates[2 * hidden + unit])))
        cell[unit] = saturated(
          rounded(logistic(gates[hidden + unit]) * cell[unit], 15)
            + rounded(logistic(gates[unit]) * candidate, 30 - bits))
        let argument =
          bits > 12 ? rounded(cell[unit], bits - 12) : saturated(cell[unit] << (12 - bits))
        let said =
          logistic(gates[3 * hidden + unit]) * Int(Sigmoid.centered(Int16(argument)))
        let code = rounded(said * Int(constants.mantissa), Int(constants.shift)) + zero
        state[unit] = min(max(code, -128), 127)
      }
      return state
    }
  }

  private static func pool(
    _ step: Operator, _ inputs: [[[Int]]], _ constants: PoolConstants, _ weights: [Int],
    from: Tensor, to: Tensor
  ) -> [Int] {
    let rows = inputs[0]
    guard !rows.isEmpty else { return zeros(to) }
    func code(_ difference: Int) -> Int {
      let value = rounded(difference * Int(constants.mantissa), Int(constants.shift))
      return min(max(value + Int(to.zeroPoint), -128), 127)
    }
    func mean(_ sum: Int, _ weight: Int) -> Int {
      code(quotient(sum, weight) - Int(from.zeroPoint) << 16)
    }
    let columns = rows[0].indices.map { channel in rows.map { $0[channel] } }
    if step.kind == .attentionPool {
      let shares = inputs[1].map { weights[$0[0] + 128] }
      return columns.map {
        mean(zip($0, shares).reduce(0) { $0 + $1.0 * $1.1 }, shares.reduce(0, +))
      }
    }
    let means = columns.map { mean($0.reduce(0, +), rows.count) }
    guard step.kind == .statisticsPool else { return means }
    return means
      + columns.map { column in
        let sum = column.reduce(0, +)
        let spread = rows.count * column.reduce(0) { $0 + $1 * $1 } - sum * sum
        return code(rounded(root(spread), over: rows.count))
      }
  }

  /// The largest r in Q16 whose square is not above `value`, for values below 2³².
  static func root(_ value: Int) -> Int {
    let square = Int128(value) << 32
    var root = Int128(Double(value).squareRoot() * 65536)
    while root * root > square { root -= 1 }
    while (root + 1) * (root + 1) <= square { root += 1 }
    return Int(root)
  }

  static func rounded(_ value: Int, over divisor: Int) -> Int {
    (2 * value + divisor) / (2 * divisor)
  }

  /// `numerator / denominator` in Q16, halves up, in 128 bits.
  static func quotient(_ numerator: Int, _ denominator: Int) -> Int {
    let doubled = Int128(numerator) << 17 + Int128(denominator)
    let divisor = 2 * Int128(denominator)
    let quotient = doubled / divisor
    return Int(quotient * divisor > doubled ? quotient - 1 : quotient)
  }
}
