import Inference

extension FloatGraph {
  /// For every output row of a causal convolution, its taps from the oldest to the newest; zero
  /// before the context.
  func columns(_ step: Operator, _ rows: FloatRows) -> FloatRows {
    let (kernel, dilation) = (Int(step.kernel), Int(step.dilation))
    var result = FloatRows(channels: kernel * rows.channels)
    for now in stride(from: 0, to: rows.count, by: Int(step.stride)) {
      for tap in 0..<kernel {
        let row = now - (kernel - 1 - tap) * dilation
        if row < 0 {
          result.values.append(contentsOf: repeatElement(0, count: rows.channels))
        } else {
          result.values.append(contentsOf: rows[row])
        }
      }
    }
    return result
  }

  /// Every row times the rows of a matrix, plus the bias.
  func product(_ rows: FloatRows, _ weights: [Double], _ bias: [Double]) -> FloatRows {
    let depth = rows.channels
    precondition(weights.count == bias.count * depth)
    var result = FloatRows(zeros: rows.count, channels: bias.count)
    rows.values.withUnsafeBufferPointer { rows in
      weights.withUnsafeBufferPointer { weights in
        for row in 0..<result.count {
          for output in bias.indices {
            result.values[row * bias.count + output] =
              bias[output]
              + dot(rows.baseAddress! + row * depth, weights.baseAddress! + output * depth, depth)
          }
        }
      }
    }
    return result
  }

  /// The maximum of each channel over `kernel` rows, every `stride` rows, complete windows only.
  func maxima(_ rows: FloatRows, kernel: Int, stride: Int) -> FloatRows {
    var result = FloatRows(channels: rows.channels)
    var last = kernel - 1
    while last < rows.count {
      for channel in 0..<rows.channels {
        result.values.append(
          (last - kernel + 1...last).map { rows.values[$0 * rows.channels + channel] }.max()!)
      }
      last += stride
    }
    return result
  }

  /// One row of weighted means; zeros without any rows.
  func mean(_ rows: FloatRows, weights: [Double]) -> FloatRows {
    var result = FloatRows(zeros: 1, channels: rows.channels)
    let total = weights.reduce(0, +)
    guard total > 0 else { return result }
    for (row, weight) in weights.enumerated() {
      for (channel, value) in rows[row].enumerated() {
        result.values[channel] += value * weight / total
      }
    }
    return result
  }

  /// One row of means, then population standard deviations; zeros without any rows.
  func statistics(_ rows: FloatRows) -> FloatRows {
    let equal = [Double](repeating: 1, count: rows.count)
    let means = mean(rows, weights: equal)
    let squares = rows.map { value, channel in
      (value - means.values[channel]) * (value - means.values[channel])
    }
    let deviations = mean(squares, weights: equal).map { value, _ in value.squareRoot() }
    return FloatRows(channels: 2 * rows.channels, values: means.values + deviations.values)
  }

  /// Eight partial sums, because the additions of a single sum would wait for each other.
  private func dot(
    _ first: UnsafePointer<Double>, _ second: UnsafePointer<Double>, _ count: Int
  ) -> Double {
    var sums = SIMD8<Double>.zero
    var index = 0
    while index + 8 <= count {
      sums +=
        UnsafeRawPointer(first + index).loadUnaligned(as: SIMD8<Double>.self)
        * UnsafeRawPointer(second + index).loadUnaligned(as: SIMD8<Double>.self)
      index += 8
    }
    var sum = sums.sum()
    while index < count {
      sum += first[index] * second[index]
      index += 1
    }
    return sum
  }
}
