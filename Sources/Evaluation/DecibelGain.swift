import Foundation

/// A recording made louder or quieter, as by another microphone.
public struct DecibelGain: Sendable {
  private let factor: Double

  /// Multiplies by 10^(decibels/20).
  public init(_ decibels: Double) {
    factor = pow(10, decibels / 20)
  }

  /// The sample rounded to int16 and clipped.
  public func apply(_ sample: Int16) -> Int16 {
    let scaled = (Double(sample) * factor).rounded()
    return Int16(min(max(scaled, -32_768), 32_767))
  }
}
