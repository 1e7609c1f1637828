import FixedPoint

@testable import Inference

/// What the operators of networks of fixed length mean, as `Definition` says the others.
extension Definition {
  /// Every output place of a plane, row by row: `body` gets the features of each tap, or nil and
  /// their number in the padding.
  static func plane(
    _ geometry: PlaneGeometry, _ rows: [[Int]], channels: Int32,
    _ body: ([([Int]?, Int)]) -> [Int]
  ) -> [[Int]] {
    let columns = Int(geometry.columns)
    let features = rows[0].count / columns
    func tap(_ axis: Int, _ output: Int, _ number: Int) -> Int {
      output * Int(geometry.stride[axis]) - Int(geometry.before[axis])
        + number * Int(geometry.dilation[axis])
    }
    func outputs(_ axis: Int, _ count: Int) -> Int {
      let reach = (Int(geometry.kernel[axis]) - 1) * Int(geometry.dilation[axis]) + 1
      let padded = count + Int(geometry.before[axis]) + Int(geometry.after[axis])
      return (padded - reach) / Int(geometry.stride[axis]) + 1
    }
    return (0..<outputs(0, rows.count)).map { top in
      (0..<outputs(1, columns)).flatMap { left in
        var places: [([Int]?, Int)] = []
        for down in 0..<Int(geometry.kernel[0]) {
          for across in 0..<Int(geometry.kernel[1]) {
            let (row, column) = (tap(0, top, down), tap(1, left, across))
            let isInside = rows.indices.contains(row) && (0..<columns).contains(column)
            places.append(
              (
                isInside ? Array(rows[row][column * features..<(column + 1) * features]) : nil,
                features
              ))
          }
        }
        return body(places)
      }
    }
  }

  static func packed(_ rows: [[Int]], _ widths: [Int], channels: Int) -> [[Int]] {
    var values: [Int] = []
    var start = 0
    for width in widths {
      for row in rows { values += row[start..<start + width] }
      start += width
    }
    return stride(from: 0, to: values.count, by: channels).map {
      Array(values[$0..<$0 + channels])
    }
  }

  static func simpleRNN(
    _ rows: [[Int]], _ input: TestMatrix, _ recurrent: TestMatrix, _ constants: PoolConstants,
    _ zero: Int
  ) -> [[Int]] {
    var state = Array(repeating: zero, count: recurrent.weights.count)
    return rows.map { row in
      state = zip(rescaled(input, row), rescaled(recurrent, state)).map { first, second in
        let said = Int(Sigmoid.tanh(Int16(min(max(first + second, -32768), 32767))))
        let code = rounded(said * Int(constants.mantissa), Int(constants.shift)) + zero
        return min(max(code, -128), 127)
      }
      return state
    }
  }
}
