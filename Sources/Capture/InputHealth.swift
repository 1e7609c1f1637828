import SoundDevices

/// Detects input that arrives on time but is not sound: all zero, all the same, or clipped.
///
/// Looks at every sample of one channel, and decides on clipping once a second. One sample that
/// differs ends silence and a stuck converter at once; clipping ends after ten seconds with less of
/// it, because people pause between loud words.
struct InputHealth {
  /// How long every sample must be zero. Digital silence between words of a replayed file is not
  /// yet a fault.
  static let silenceSeconds = 10
  /// How long every sample must be the same: a working converter does not hold one value for two
  /// seconds.
  static let stuckSeconds = 2
  /// Samples at full scale in a second that are heard as distortion: one in a hundred.
  static let clippingShare = 100
  /// How long there must be no clipping for it to be over.
  static let clippingSeconds = 10

  private let rate: Int
  private var last: Int16 = 0
  private var equal = 0
  private var fullScale = 0
  private var counted = 0
  /// Seconds for which the input still counts as clipping.
  private var clipping = 0

  init(rate: Int) { self.rate = rate }

  /// Examines the next samples and returns the state of the device: running, silent, stuck or
  /// clipping.
  mutating func examine(_ samples: UnsafePointer<Int16>, count: Int) -> (DeviceState, StateReason) {
    for index in 0..<count {
      let sample = samples[index]
      equal = sample == last ? equal &+ 1 : 0
      last = sample
      if sample == .max || sample == .min { fullScale &+= 1 }
    }
    counted += count
    if counted >= rate {
      let clips = fullScale * Self.clippingShare > counted
      clipping = clips ? Self.clippingSeconds : max(0, clipping - 1)
      (counted, fullScale) = (0, 0)
    }
    return verdict
  }

  private var verdict: (DeviceState, StateReason) {
    if last == 0, equal >= Self.silenceSeconds * rate { return (.silent, .digitalSilence) }
    if last != 0, equal >= Self.stuckSeconds * rate { return (.stuck, .constantValue) }
    if clipping > 0 { return (.clipping, .fullScale) }
    return (.running, .none)
  }
}
