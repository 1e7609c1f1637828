import SoundDevices

/// What a device offers, narrowed step by step: ALSA's configuration space, or a scripted one.
///
/// Each call either narrows the space and says true, or leaves it as it was and says false.
protocol ConfigurationSpace: AnyObject {
  /// Narrows to exactly this rate, in frames a second.
  func restrict(rate: Int) -> Bool
  /// Narrows to exactly this many channels.
  func restrict(channels: Int) -> Bool
  /// Narrows to this sample format.
  func restrict(sample: SampleFormat) -> Bool
  /// The channel counts that are left.
  var channels: ClosedRange<Int> { get }
  /// The rates that are left, in frames a second.
  var rates: ClosedRange<Int> { get }
  /// Applies what is left with periods of 20 ms or what is nearest; returns period and buffer in
  /// frames. Throws `unusable` when the device refuses what it offered.
  func commit(rate: Int) throws(OpenProblem) -> (period: Int, buffer: Int)
}

/// What a stream wants of its device.
public struct CaptureRequest: Equatable, Sendable {
  /// The rate that must be used, in frames a second; nil for the best one offered.
  public var rate: Int?
  /// The highest channel that will be read, counted from 0.
  public var highestChannel: Int

  /// A request; by default for the first channel at the best rate.
  public init(rate: Int? = nil, highestChannel: Int = 0) {
    self.rate = rate
    self.highestChannel = highestChannel
  }

  /// Rates by preference: the front end's own first, then small multiples of it, then the rest that
  /// cards have. 8 kHz stands last: speech loses half its band.
  public static let preferredRates = [
    16_000, 48_000, 32_000, 96_000, 44_100, 192_000, 88_200, 176_400, 24_000, 22_050, 11_025, 8000,
  ]
}

extension CaptureRequest {
  /// Applies the best configuration that a device both offers and accepts: cards behind a bad cable
  /// or with a fixed clock offer rates and formats that they then refuse. `space` returns the whole
  /// offer, afresh each time.
  func configure<Space: ConfigurationSpace>(
    name: String, _ space: () throws(OpenProblem) -> Space
  ) throws(OpenProblem) -> StreamFormat {
    // Throws what is wrong with the offer as a whole.
    _ = try choose(from: space(), name: name)
    var refusal: OpenProblem?
    for rate in wantedRates {
      for sample in SampleFormat.byPreference {
        let space = try space()
        guard space.restrict(rate: rate),
          let channels = try? chooseChannels(from: space, name: name),
          space.restrict(sample: sample)
        else { continue }
        do throws(OpenProblem) {
          let (period, buffer) = try space.commit(rate: rate)
          return StreamFormat(
            rate: rate, channels: channels, sample: sample, period: period, buffer: buffer)
        } catch {
          guard case .unusable = error else { throw error }
          refusal = refusal ?? error
        }
      }
    }
    throw refusal ?? .unusable(name: name, reason: "it offers nothing that it accepts")
  }

  private var wantedRates: [Int] { rate.map { [$0] } ?? Self.preferredRates }

  /// The best that `space` offers: the rate first, because resampling costs most and loses most;
  /// then the fewest channels that include all that are read; then the sample format by preference.
  func choose(
    from space: some ConfigurationSpace, name: String
  ) throws(OpenProblem) -> (rate: Int, channels: Int, sample: SampleFormat) {
    let rate = try chooseRate(from: space, name: name)
    let channels = try chooseChannels(from: space, name: name)
    guard let sample = SampleFormat.byPreference.first(where: { space.restrict(sample: $0) }) else {
      throw .unusable(name: name, reason: "it offers no signed 16, 24 or 32-bit samples")
    }
    return (rate, channels, sample)
  }

  private func chooseRate(
    from space: some ConfigurationSpace, name: String
  ) throws(OpenProblem) -> Int {
    let offered = space.rates
    if let chosen = wantedRates.first(where: { space.restrict(rate: $0) }) { return chosen }
    let range = "it offers \(offered.lowerBound) to \(offered.upperBound) Hz"
    throw .unusable(
      name: name,
      reason: rate.map { "\(range), not exactly the configured \($0) Hz; leave `rate` out" }
        ?? "\(range), and none of the rates that can be resampled")
  }

  private func chooseChannels(
    from space: some ConfigurationSpace, name: String
  ) throws(OpenProblem) -> Int {
    let offered = space.channels
    guard highestChannel < offered.upperBound else {
      throw .noSuchChannel(name: name, channel: highestChannel, channels: offered.upperBound)
    }
    let fewest = max(offered.lowerBound, highestChannel + 1)
    if let chosen = (fewest...offered.upperBound).first(where: { space.restrict(channels: $0) }) {
      return chosen
    }
    throw .unusable(name: name, reason: "no channel count at that rate")
  }
}

extension SampleFormat {
  /// 16 bits first, packed 24 bits last.
  static let byPreference: [SampleFormat] = [.int16, .int32, .int24In32, .int24]
}
