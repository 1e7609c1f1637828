import Glibc

@testable import Capture

/// Time and waiting for tests: nothing sleeps, every wait just moves the clock.
final class ScriptedSurroundings: CaptureSurroundings {
  var time: Int64 = 1_000_000_000_000
  var isStopping = false
  var waits: [Int32] = []
  /// For each wait for devices, whether a card was plugged in meanwhile; false when it runs out.
  var arrivals: [Bool] = []
  /// After how many waits for devices the loop is told to stop.
  var stopsAfterWaits = Int.max

  func now() -> Int64 { time }

  func waitForDevices(milliseconds: Int32) -> Bool {
    waits.append(milliseconds)
    isStopping = waits.count >= stopsAfterWaits
    time += Int64(milliseconds) * 1_000_000
    return arrivals.isEmpty ? false : arrivals.removeFirst()
  }

  func pause(milliseconds: Int32) { time += Int64(milliseconds) * 1_000_000 }
}

/// A sound card that does what a test says, call by call, and writes down what was asked of it.
final class ScriptedDevice: PCMDevice {
  /// What happens next.
  enum Step {
    /// Samples are there and are read, all of them this value.
    case frames(Int, value: Int16 = 1000)
    /// A wait fails with this errno.
    case waitFails(Int32)
    /// A wait succeeds and the read after it fails with this errno.
    case readFails(Int32)
    /// A wait times out while the device is in this state.
    case quiet(PCMState)
    /// A wait succeeds though there is nothing to read.
    case spuriousWake
    /// Time passes before the next step.
    case pass(milliseconds: Int64)
  }

  let surroundings: ScriptedSurroundings
  var steps: [Step]
  /// What each open gives; the last one repeats.
  var opens: [Result<StreamFormat, OpenProblem>]
  var startCodes: [Int32] = []
  var prepareCodes: [Int32] = []
  var resumeCodes: [Int32] = []
  var calls: [String] = []
  var isLive = true
  var unread = 0
  private var current: PCMState = .prepared
  private var format: StreamFormat?

  init(_ surroundings: ScriptedSurroundings, steps: [Step]) {
    self.surroundings = surroundings
    self.steps = steps
    opens = [
      .success(
        StreamFormat(rate: 16_000, channels: 1, sample: .int16, period: 320, buffer: 8000))
    ]
  }

  func open() throws(OpenProblem) -> StreamFormat {
    calls.append("open")
    let result = opens.count > 1 ? opens.removeFirst() : opens[0]
    let opened = try result.get()
    format = opened
    return opened
  }

  func start() -> Int32 { answer("start", from: &startCodes) }
  func prepare() -> Int32 { answer("prepare", from: &prepareCodes) }
  func resume() -> Int32 { answer("resume", from: &resumeCodes) }

  private func answer(_ call: String, from codes: inout [Int32]) -> Int32 {
    calls.append(call)
    let code = codes.isEmpty ? 0 : codes.removeFirst()
    if code == 0 { current = .running }
    return code
  }

  func wait(milliseconds: Int32) -> Int32 {
    while case .pass(let milliseconds)? = steps.first {
      surroundings.time += milliseconds * 1_000_000
      steps.removeFirst()
    }
    switch steps.first {
    case .waitFails(let code):
      steps.removeFirst()
      return -code
    case .quiet(let state):
      steps.removeFirst()
      current = state
      surroundings.time += Int64(milliseconds) * 1_000_000
      return 0
    case nil:
      surroundings.isStopping = true
      return 0
    default: return 1
    }
  }

  func read(into frames: UnsafeMutableRawPointer, frames limit: Int) -> Int {
    switch steps.removeFirst() {
    case .readFails(let code): return -Int(code)
    case .frames(let count, let value):
      let count = min(count, limit)
      let samples = frames.assumingMemoryBound(to: Int16.self)
      for index in 0..<count * format!.channels {
        samples[index] = value &+ Int16(index % 2)
      }
      surroundings.time += format!.nanoseconds(frames: count)
      return count
    default: return -Int(EAGAIN)
    }
  }

  func pending() -> Int { unread }
  func state() -> PCMState { current }
  func close() { calls.append("close") }
}

/// Everything that a feed holds, taken out of it.
func drain(_ feed: StreamFeed) -> [CaptureMessage] {
  var messages: [CaptureMessage] = []
  while let message = feed.messages.read() { messages.append(message) }
  return messages
}

extension [CaptureMessage] {
  /// How long the losses of one cause were together, in milliseconds.
  func lost(_ wanted: LossCause) -> Int64 {
    reduce(0) { sum, message in
      guard case .lost(let nanoseconds, let cause) = message, cause == wanted else { return sum }
      return sum + nanoseconds / 1_000_000
    }
  }

  /// The states of the device, in order.
  var states: [DeviceState] {
    compactMap { if case .state(let state, _) = $0 { state } else { nil } }
  }

  /// How many samples were delivered.
  var sampleCount: Int {
    reduce(0) { if case .samples(let count, _) = $1 { $0 + Int(count) } else { $0 } }
  }
}
