import SoundDevices

/// The states of an open sound source, in ALSA's terms, as far as recovery tells them apart.
enum PCMState: Sendable {
  /// Open and ready, not started.
  case prepared
  /// Delivering.
  case running
  /// Stopped because nobody read in time.
  case overrun
  /// Stopped because the machine slept.
  case suspended
  /// The card is gone.
  case disconnected
  /// Anything else: the stream must be opened again.
  case other
}

/// What the capture loop asks of a sound source: ALSA's calls, narrowed to those that capture
/// needs.
///
/// Results are ALSA's: a count or 0 when good, a negative errno otherwise, because the recovery
/// decisions are about exactly these codes. Everything but `open` and `close` is called every
/// period and must not allocate.
protocol PCMDevice: AnyObject {
  /// Finds, opens and configures the source. May take a while, may allocate.
  func open() throws(OpenProblem) -> StreamFormat
  /// Starts the flow of samples.
  func start() -> Int32
  /// Makes a stopped stream startable again.
  func prepare() -> Int32
  /// Continues after the machine slept; `-EAGAIN` while it is not awake yet, `-ENOSYS` where the
  /// card cannot.
  func resume() -> Int32
  /// Waits until a period can be read: 1 when it can, 0 when `milliseconds` passed, or a negative
  /// errno.
  func wait(milliseconds: Int32) -> Int32
  /// Reads up to `limit` interleaved frames without waiting; returns how many, or a negative errno.
  /// A source with an end, such as a file, returns `-ENODATA` there. One that turns out not to be
  /// audio returns `-EMEDIUMTYPE`; its next `open` says what it is.
  func read(into frames: UnsafeMutableRawPointer, frames limit: Int) -> Int
  /// Frames that could be read at once, not yet read.
  func pending() -> Int
  /// What the source thinks it is doing.
  func state() -> PCMState
  /// Closes the source. Harmless when nothing is open.
  func close()
  /// Whether samples that nobody reads in time are lost, as a microphone's are. A file waits.
  var isLive: Bool { get }
}
