import Foundation

extension FloatGraph {
  /// Long short-term memory over rows that are already multiplied by the input's matrix; records
  /// the largest cell magnitude.
  func lstm(_ rows: FloatRows, _ recurrent: [Double], greatestCell: inout Double) -> FloatRows {
    let hidden = rows.channels / 4
    let noBias = [Double](repeating: 0, count: rows.channels)
    var result = FloatRows(channels: hidden)
    var state = FloatRows(zeros: 1, channels: hidden)
    var cell = [Double](repeating: 0, count: hidden)
    func logistic(_ value: Double) -> Double { 1 / (1 + exp(-value)) }
    for row in 0..<rows.count {
      let past = product(state, recurrent, noBias).values
      let gates = zip(rows[row], past).map { $0 + $1 }
      for unit in 0..<hidden {
        cell[unit] =
          logistic(gates[hidden + unit]) * cell[unit]
          + logistic(gates[unit]) * tanh(gates[2 * hidden + unit])
        greatestCell = max(greatestCell, abs(cell[unit]))
        state.values[unit] = logistic(gates[3 * hidden + unit]) * tanh(cell[unit])
      }
      result.values.append(contentsOf: state.values)
    }
    return result
  }
}
