/// Whether a recording is too loud: peaks that are clipped at full scale are no longer the
/// talker's.
public enum FullScale {
  /// The rate of the samples, in hertz: the network's.
  private static let rate = 16_000
  /// One sample in this many per second: above that the daemon, too, reports a device as clipping.
  private static let share = 100

  /// Whether more than one sample in a hundred of any whole second of `samples`, at 16 kHz, is at
  /// full scale, for seconds counted from the beginning and for the last one.
  ///
  /// If shorter than a second, of all samples.
  public static func isReached(in samples: [Int16]) -> Bool {
    let last = max(0, samples.count - rate)
    let starts = Array(stride(from: 0, to: last, by: rate)) + [last]
    return starts.contains { start in
      let second = samples[start..<min(start + rate, samples.count)]
      let cut = second.count { $0 == .max || $0 == .min }
      return cut * share > second.count
    }
  }
}
