/// The continuous impulse response of the resampler's low-pass filter: passband 0–7 kHz, stopband
/// from 9 kHz.
///
/// It is tabulated at 768 kHz, and cubic interpolation between four neighbours is exact to 10⁻⁶, so
/// the coefficients for any rate follow by integer arithmetic alone, the same on every device. For
/// a rate below 16 kHz the response is stretched to pass frequencies below 7/16 of that rate.
enum LowPass {
  /// Ticks of the table per second.
  static let ticksPerSecond = 768_000
  /// Samples at `rate` on either side of the centre that the response covers.
  static func reach(rate: Int) -> Int {
    rate < Resampler.outputRate ? 16 : (rate + 999) / 1000
  }

  /// The response `numerator / denominator` ticks away from its centre, in Q30; 0 beyond 768 ticks.
  static func value(numerator: Int, denominator: Int) -> Int64 {
    let tick = numerator / denominator
    guard tick < 768 else { return 0 }
    let fraction = Int64((numerator % denominator) << 30 / denominator)
    let before = Int64(response[tick == 0 ? 1 : tick - 1])
    let (y, after, beyond) = (
      Int64(response[tick]), Int64(response[tick + 1]), Int64(response[tick + 2])
    )
    // Lagrange's cubic through −1, 0, 1, 2, multiplied by six to stay in integers.
    let third = beyond - before + 3 * (y - after)
    let second = 3 * (before + after) - 6 * y
    let first = 6 * after - 2 * before - 3 * y - beyond
    var sum = third
    sum = second + (sum * fraction) >> 30
    sum = first + (sum * fraction) >> 30
    return y + ((sum * fraction) >> 30) / 6
  }
}
