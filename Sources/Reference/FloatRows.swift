/// The rows of one tensor over a context, in double precision, one after the other.
public struct FloatRows: Equatable, Sendable {
  /// Values in a row.
  public let channels: Int
  /// All rows, dense.
  public var values: [Double]

  /// Rows of `channels` from their values, whose number must be a multiple of it.
  public init(channels: Int, values: [Double] = []) {
    precondition(channels > 0 && values.count % channels == 0)
    self.channels = channels
    self.values = values
  }

  /// `count` rows of zeros.
  init(zeros count: Int, channels: Int) {
    self.init(channels: channels, values: Array(repeating: 0, count: count * channels))
  }

  /// Number of rows.
  public var count: Int { values.count / channels }

  /// One row.
  public subscript(row: Int) -> ArraySlice<Double> {
    values[row * channels..<(row + 1) * channels]
  }

  /// Applies `body` to every value; it also gets the channel.
  func map(_ body: (_ value: Double, _ channel: Int) -> Double) -> FloatRows {
    var result = self
    for index in result.values.indices {
      result.values[index] = body(values[index], index % channels)
    }
    return result
  }
}
