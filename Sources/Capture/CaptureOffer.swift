import CALSA
import SoundDevices

/// What a sound device can deliver.
public struct CaptureOffer: Equatable, Sendable {
  /// Those of `CaptureRequest.preferredRates` that it has, in Hz, ascending.
  public var rates: [Int]
  /// How many channels it can be opened with.
  public var channels: ClosedRange<Int>
  /// The widths of its signed samples, in bits.
  public var bits: [Int]
}

extension CaptureOffer {
  /// What the source called `name` offers: a device, a recording, or standard input.
  public static func of(_ name: DeviceName) throws(OpenProblem) -> CaptureOffer {
    guard name != .standardInput else {
      return CaptureOffer(rates: [16_000], channels: 1...1, bits: [SampleFormat.int16.bits])
    }
    guard let path = name.recording else { return try ALSADevice.offer(of: name) }
    try WaveReplay.check(path, CaptureRequest(highestChannel: 0))
    let format = try WaveFile(path: path).format
    return CaptureOffer(
      rates: [format.rate], channels: format.channels...format.channels,
      bits: [format.sample.bits])
  }
}

extension ALSADevice {
  /// Opens the device called `name` for a moment to ask what it offers.
  static func offer(of name: DeviceName) throws(OpenProblem) -> CaptureOffer {
    calsa_silence_messages()
    defer { snd_config_update_free_global() }
    let pcm = try SoundCards().pcmName(of: name)
    var opened: OpaquePointer?
    let code = snd_pcm_open(&opened, pcm, SND_PCM_STREAM_CAPTURE, SND_PCM_NONBLOCK)
    guard code >= 0, let handle = opened else { throw problem(code: code, name: name.text) }
    defer { snd_pcm_close(handle) }
    let space = try ALSAConfigurationSpace(handle, name: name.text)
    return CaptureOffer(
      rates: CaptureRequest.preferredRates.filter { space.offers(rate: $0) }.sorted(),
      channels: space.channels,
      bits: SampleFormat.allCases.filter { space.offers(sample: $0) }.map(\.bits).distinct())
  }
}

extension [Int] {
  fileprivate func distinct() -> [Int] { Set(self).sorted() }
}
