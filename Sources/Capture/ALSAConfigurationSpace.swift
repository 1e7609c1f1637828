import CALSA
import Glibc
import SoundDevices

/// The hardware parameters that an open PCM can still take: `snd_pcm_hw_params`.
///
/// Rate conversion by ALSA plugins is off: their linear interpolation aliases what is above 8 kHz
/// into speech. Our own resampler converts instead.
final class ALSAConfigurationSpace: ConfigurationSpace {
  private let handle: OpaquePointer
  private let parameters: OpaquePointer
  private let name: String

  /// Everything that the open PCM `handle` offers with interleaved access. `name` is for messages.
  init(_ handle: OpaquePointer, name: String) throws(OpenProblem) {
    var allocated: OpaquePointer?
    guard snd_pcm_hw_params_malloc(&allocated) >= 0, let allocated else {
      throw .failed(name: name, reason: "out of memory")
    }
    self.handle = handle
    self.name = name
    parameters = allocated
    let code = snd_pcm_hw_params_any(handle, parameters)
    guard code >= 0 else { throw ALSADevice.problem(code: code, name: name) }
    snd_pcm_hw_params_set_rate_resample(handle, parameters, 0)
    guard snd_pcm_hw_params_set_access(handle, parameters, SND_PCM_ACCESS_RW_INTERLEAVED) >= 0
    else { throw .unusable(name: name, reason: "it has no interleaved access") }
  }

  deinit { snd_pcm_hw_params_free(parameters) }

  /// Whether the rate, in Hz, is still possible.
  func offers(rate: Int) -> Bool {
    snd_pcm_hw_params_test_rate(handle, parameters, UInt32(rate), 0) >= 0
  }

  /// Whether the sample format is still possible.
  func offers(sample: SampleFormat) -> Bool {
    snd_pcm_hw_params_test_format(handle, parameters, sample.alsa) >= 0
  }

  func restrict(rate: Int) -> Bool {
    snd_pcm_hw_params_set_rate(handle, parameters, UInt32(rate), 0) >= 0
  }

  func restrict(channels: Int) -> Bool {
    snd_pcm_hw_params_set_channels(handle, parameters, UInt32(channels)) >= 0
  }

  func restrict(sample: SampleFormat) -> Bool {
    snd_pcm_hw_params_set_format(handle, parameters, sample.alsa) >= 0
  }

  var channels: ClosedRange<Int> {
    var (low, high): (UInt32, UInt32) = (1, 1)
    snd_pcm_hw_params_get_channels_min(parameters, &low)
    snd_pcm_hw_params_get_channels_max(parameters, &high)
    return Int(low)...Int(max(low, high))
  }

  var rates: ClosedRange<Int> {
    var (low, high): (UInt32, UInt32) = (1, 1)
    snd_pcm_hw_params_get_rate_min(parameters, &low, nil)
    snd_pcm_hw_params_get_rate_max(parameters, &high, nil)
    return Int(low)...Int(max(low, high))
  }

  /// Fixes a period of 20 ms and a buffer of at least 500 ms, or what is nearest, and installs the
  /// configuration.
  func commit(rate: Int) throws(OpenProblem) -> (period: Int, buffer: Int) {
    var period = snd_pcm_uframes_t(rate / 50)
    var buffer = snd_pcm_uframes_t(rate / 2) + period
    snd_pcm_hw_params_set_period_size_near(handle, parameters, &period, nil)
    snd_pcm_hw_params_set_buffer_size_near(handle, parameters, &buffer)
    try check(snd_pcm_hw_params(handle, parameters))
    snd_pcm_hw_params_get_period_size(parameters, &period, nil)
    snd_pcm_hw_params_get_buffer_size(parameters, &buffer)
    try wake(every: period)
    return (Int(period), Int(buffer))
  }

  /// Makes `poll` return once a whole period can be read, and the stream start only when told to.
  private func wake(every period: snd_pcm_uframes_t) throws(OpenProblem) {
    var allocated: OpaquePointer?
    try check(snd_pcm_sw_params_malloc(&allocated))
    guard let software = allocated else { return }
    defer { snd_pcm_sw_params_free(software) }
    try check(snd_pcm_sw_params_current(handle, software))
    try check(snd_pcm_sw_params_set_avail_min(handle, software, period))
    try check(snd_pcm_sw_params_set_start_threshold(handle, software, .max >> 1))
    try check(snd_pcm_sw_params(handle, software))
  }

  private func check(_ code: Int32) throws(OpenProblem) {
    guard code < 0 else { return }
    switch -code {
    case EINVAL, EIO, EPIPE, ENOTSUP:
      throw .unusable(name: name, reason: String(cString: snd_strerror(code)))
    default: throw ALSADevice.problem(code: code, name: name)
    }
  }
}

extension SampleFormat {
  /// ALSA's name for the format.
  var alsa: snd_pcm_format_t {
    switch self {
    case .int16: SND_PCM_FORMAT_S16_LE
    case .int32: SND_PCM_FORMAT_S32_LE
    case .int24In32: SND_PCM_FORMAT_S24_LE
    case .int24: SND_PCM_FORMAT_S24_3LE
    }
  }
}
