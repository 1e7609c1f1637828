import CALSA
import Glibc
import SoundDevices

/// A sound card, or any other ALSA PCM, behind the protocol that the capture loop reads.
///
/// Opened non-blocking: the loop waits only in `wait`, for a bounded time.
final class ALSADevice: PCMDevice {
  private let name: DeviceName
  private let request: CaptureRequest
  private var handle: OpaquePointer?

  /// A device that is looked up by name at each open, so that a card that returns under another
  /// number is found.
  init(name: DeviceName, request: CaptureRequest) {
    self.name = name
    self.request = request
  }

  deinit { close() }

  var isLive: Bool { true }

  func open() throws(OpenProblem) -> StreamFormat {
    close()
    calsa_silence_messages()
    // libasound caches the configuration that it parsed for the first open: half a megabyte, and
    // without anything added later.
    defer { snd_config_update_free_global() }
    let pcm = try SoundCards().pcmName(of: name)
    let code = snd_pcm_open(&handle, pcm, SND_PCM_STREAM_CAPTURE, SND_PCM_NONBLOCK)
    guard code >= 0, let handle else { throw ALSADevice.problem(code: code, name: name.text) }
    let text = name.text
    return try request.configure(name: text) { () throws(OpenProblem) in
      try ALSAConfigurationSpace(handle, name: text)
    }
  }

  func start() -> Int32 { snd_pcm_start(handle) }

  func prepare() -> Int32 { snd_pcm_prepare(handle) }

  func resume() -> Int32 { snd_pcm_resume(handle) }

  func wait(milliseconds: Int32) -> Int32 { snd_pcm_wait(handle, milliseconds) }

  func read(into frames: UnsafeMutableRawPointer, frames limit: Int) -> Int {
    snd_pcm_readi(handle, frames, snd_pcm_uframes_t(limit))
  }

  func pending() -> Int { snd_pcm_avail_update(handle) }

  func state() -> PCMState {
    switch snd_pcm_state(handle) {
    case SND_PCM_STATE_PREPARED: .prepared
    case SND_PCM_STATE_RUNNING: .running
    case SND_PCM_STATE_XRUN: .overrun
    case SND_PCM_STATE_SUSPENDED: .suspended
    case SND_PCM_STATE_DISCONNECTED: .disconnected
    default: .other
    }
  }

  func close() {
    guard let open = handle else { return }
    snd_pcm_close(open)
    handle = nil
  }

  /// What a failed `snd_pcm_open` means.
  static func problem(code: Int32, name: String) -> OpenProblem {
    switch -code {
    case EBUSY, EAGAIN: .busy(name: name)
    case EACCES, EPERM: .denied(name: name)
    case ENOENT, ENODEV, ENXIO: .notThere(name: name)
    default: .failed(name: name, reason: String(cString: snd_strerror(code)))
    }
  }
}
