import Foundation
import Inference

/// The operators of networks of fixed length.
extension FloatGraph {
  /// The last `length` rows, zero-padded at the end if there are fewer.
  func window(_ rows: FloatRows, length: Int) -> FloatRows {
    let values = Array(rows.values.suffix(length * rows.channels))
    let missing = length * rows.channels - values.count
    return FloatRows(
      channels: rows.channels, values: values + Array(repeating: 0, count: missing))
  }

  /// The inputs of every output place of a plane, row by row: the features of each tap, or nil in
  /// the padding.
  private func places(
    _ rows: FloatRows, _ geometry: PlaneGeometry, _ body: ([ArraySlice<Double>?]) -> Void
  ) {
    let columns = Int(geometry.columns)
    let features = rows.channels / columns
    for top in 0..<geometry.outputs(0, of: rows.count) {
      for left in 0..<geometry.outputColumns {
        var taps: [ArraySlice<Double>?] = []
        for down in 0..<Int(geometry.kernel[0]) {
          for across in 0..<Int(geometry.kernel[1]) {
            let row =
              top * Int(geometry.stride[0]) + down * Int(geometry.dilation[0])
              - Int(geometry.before[0])
            let column =
              left * Int(geometry.stride[1]) + across * Int(geometry.dilation[1])
              - Int(geometry.before[1])
            guard (0..<rows.count).contains(row), (0..<columns).contains(column) else {
              taps.append(nil)
              continue
            }
            let start = (row * columns + column) * features
            taps.append(rows.values[start..<start + features])
          }
        }
        body(taps)
      }
    }
  }

  /// Applies `body` to the places that each output of a plane sees, padding excluded.
  func overPlane(
    _ rows: FloatRows, _ geometry: PlaneGeometry, _ body: ([[Double]]) -> [Double]
  ) -> FloatRows {
    var values: [Double] = []
    places(rows, geometry) { taps in values += body(taps.compactMap { $0.map(Array.init) }) }
    let features = rows.channels / Int(geometry.columns)
    return FloatRows(channels: features * geometry.outputColumns, values: values)
  }

  /// A convolution over a zero-padded plane.
  func planeProduct(
    _ rows: FloatRows, _ geometry: PlaneGeometry, _ weights: [Double], _ bias: [Double]
  ) -> FloatRows {
    let features = rows.channels / Int(geometry.columns)
    var patches = FloatRows(channels: geometry.taps * features)
    places(rows, geometry) { taps in
      for tap in taps {
        patches.values.append(contentsOf: tap ?? ArraySlice(repeating: 0, count: features))
      }
    }
    let outputs = product(patches, weights, bias)
    return FloatRows(channels: bias.count * geometry.outputColumns, values: outputs.values)
  }

  /// A depthwise convolution over a zero-padded plane.
  func depthwise(
    _ rows: FloatRows, _ geometry: PlaneGeometry, _ weights: [Double], _ bias: [Double]
  ) -> FloatRows {
    var values: [Double] = []
    places(rows, geometry) { taps in
      for feature in bias.indices {
        values.append(
          taps.indices.reduce(bias[feature]) { sum, tap in
            guard let seen = taps[tap] else { return sum }
            return sum + weights[feature * geometry.taps + tap] * seen[seen.startIndex + feature]
          })
      }
    }
    return FloatRows(channels: bias.count * geometry.outputColumns, values: values)
  }

  /// All rows of the first group of channels, then of the next, as rows of `channels`.
  func packed(_ rows: FloatRows, _ widths: [Int], channels: Int) -> FloatRows {
    var values: [Double] = []
    var start = 0
    for width in widths {
      for row in 0..<rows.count { values += rows[row].dropFirst(start).prefix(width) }
      start += width
    }
    return FloatRows(channels: channels, values: values)
  }

  /// A simple recurrent layer over rows that are already multiplied by the input's matrix.
  func simpleRNN(_ rows: FloatRows, _ recurrent: [Double]) -> FloatRows {
    let noBias = [Double](repeating: 0, count: rows.channels)
    var result = FloatRows(channels: rows.channels)
    var state = FloatRows(zeros: 1, channels: rows.channels)
    for row in 0..<rows.count {
      let past = product(state, recurrent, noBias).values
      state.values = zip(rows[row], past).map { tanh($0 + $1) }
      result.values.append(contentsOf: state.values)
    }
    return result
  }
}
