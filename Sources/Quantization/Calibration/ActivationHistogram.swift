/// The distribution of one tensor's values over the calibration data, in one pass and fixed memory.
///
/// Bins cover ±`limit`; for a larger value the limit is doubled by merging bins in pairs. Extremes
/// are kept exactly.
public struct ActivationHistogram: Sendable {
  /// Number of bins below zero, and again above.
  public static let half = 2048

  /// Counts from −`limit` to `limit`.
  public private(set) var bins = [UInt64](repeating: 0, count: 2 * half)
  /// The range of the bins on either side of zero.
  public private(set) var limit = 0x1p-20
  /// The least value seen; 0 before any.
  public private(set) var minimum = 0.0
  /// The greatest value seen; 0 before any.
  public private(set) var maximum = 0.0
  /// Number of values seen.
  public private(set) var count: UInt64 = 0

  /// An empty distribution.
  public init() {}

  /// Adds a value, which must be finite.
  public mutating func add(_ value: Double) {
    while abs(value) >= limit { double() }
    minimum = count == 0 ? value : min(minimum, value)
    maximum = count == 0 ? value : max(maximum, value)
    count += 1
    bins[bin(of: value)] += 1
  }

  /// Adds all values of `other`.
  public mutating func add(_ other: ActivationHistogram) {
    guard other.count > 0 else { return }
    var other = other
    while limit < other.limit { double() }
    while other.limit < limit { other.double() }
    minimum = count == 0 ? other.minimum : min(minimum, other.minimum)
    maximum = count == 0 ? other.maximum : max(maximum, other.maximum)
    count += other.count
    for index in bins.indices { bins[index] += other.bins[index] }
  }

  /// From the smallest to the largest value, zero included.
  public var range: ClosedRange<Double> { min(minimum, 0)...max(maximum, 0) }

  private func bin(of value: Double) -> Int {
    let position = (value / limit * Double(ActivationHistogram.half)).rounded(.down)
    return min(max(Int(position) + ActivationHistogram.half, 0), bins.count - 1)
  }

  private mutating func double() {
    limit *= 2
    let half = ActivationHistogram.half
    var joined = [UInt64](repeating: 0, count: 2 * half)
    for index in 0..<half { joined[half / 2 + index] = bins[2 * index] + bins[2 * index + 1] }
    bins = joined
  }
}
