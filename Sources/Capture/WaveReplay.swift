import Glibc
import SoundDevices

/// A WAV file in place of a microphone: in real time, or as fast as it is read.
public final class WaveReplay: PCMDevice {
  /// How fast the samples come.
  enum Pace: Sendable {
    /// In real time, as from a microphone; but a late reader loses no samples.
    case recorded
    /// As fast as the reader takes them.
    case unbounded
  }

  private let path: String
  private let pace: Pace
  private let request: CaptureRequest
  private let surroundings: any CaptureSurroundings
  private var file: WaveFile?
  private var position = 0
  private var started: Int64 = 0

  /// A replay of the file at `path`.
  init(
    path: String, pace: Pace, request: CaptureRequest, surroundings: any CaptureSurroundings
  ) {
    self.path = path
    self.pace = pace
    self.request = request
    self.surroundings = surroundings
  }

  var isLive: Bool { false }

  func open() throws(OpenProblem) -> StreamFormat {
    let opened = try WaveReplay.open(path, request)
    file = opened
    position = 0
    return opened.format
  }

  /// Refuses a file that cannot be replayed.
  public static func check(_ path: String, _ request: CaptureRequest) throws(OpenProblem) {
    _ = try open(path, request)
  }

  private static func open(
    _ path: String, _ request: CaptureRequest
  ) throws(OpenProblem) -> WaveFile {
    let opened = try WaveFile(path: path)
    guard request.highestChannel < opened.format.channels else {
      throw .noSuchChannel(
        name: path, channel: request.highestChannel, channels: opened.format.channels)
    }
    guard CaptureRequest.preferredRates.contains(opened.format.rate) else {
      throw .badFile(
        path: path,
        reason: "has a rate of \(opened.format.rate) Hz, which no sound card has; "
          + "convert it to 16000 Hz")
    }
    if let rate = request.rate, rate != opened.format.rate {
      throw .unusable(
        name: path,
        reason: "it has \(opened.format.rate) Hz, \(rate) was asked for; leave `rate` out")
    }
    return opened
  }

  func start() -> Int32 {
    started = surroundings.now()
    return 0
  }

  func prepare() -> Int32 { 0 }

  func resume() -> Int32 { 0 }

  func wait(milliseconds: Int32) -> Int32 {
    guard let file else { return -ENODEV }
    let period = min(file.format.period, file.frames - position)
    let due = started + file.format.nanoseconds(frames: position + period)
    let missing = pace == .recorded ? due - surroundings.now() : 0
    guard missing > 0 else { return 1 }
    surroundings.pause(milliseconds: min(milliseconds, Int32(missing / 1_000_000 + 1)))
    return surroundings.now() >= due ? 1 : 0
  }

  func read(into frames: UnsafeMutableRawPointer, frames limit: Int) -> Int {
    guard let file else { return -Int(ENODEV) }
    let count = file.read(at: position, into: frames, frames: limit)
    guard count > 0 else { return count < 0 ? count : -Int(ENODATA) }
    position += count
    return count
  }

  func pending() -> Int { 0 }

  func state() -> PCMState { .running }

  func close() { file = nil }
}
