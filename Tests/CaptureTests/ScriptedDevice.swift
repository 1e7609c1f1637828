import Glibc
import SoundDevices

@testable import Capture

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
    /// For so long every wait succeeds at once, and every read fails with this errno, or finds
    /// nothing if it is 0.
    case emptyWakes(milliseconds: Int64, Int32)
    /// For so long every wait fails at once with this errno.
    case failingWaits(milliseconds: Int64, Int32)
    /// For so long sound comes and no wait says so.
    case deafPoll(milliseconds: Int64)
    /// For so long sound comes as time passes, and every wait fails at once with EIO.
    case failingPoll(milliseconds: Int64)
    /// For so long every wait succeeds at once, and every read gives all that it is asked for, as
    /// fast as it is asked.
    case flood(milliseconds: Int64)
    /// From now on it says that so many frames could be read.
    case claims(frames: Int)
    /// The card is pulled out: whatever is asked fails as it does on real hardware, until an open
    /// succeeds again. A wait may still say that there is something.
    case unplug(whileReading: Bool)
    /// The test changes something before the next step.
    case then((ScriptedDevice) -> Void)
  }

  let surroundings: ScriptedSurroundings
  var steps: [Step]
  /// Asked for more steps when there are none.
  var more: () -> [Step] = { [] }
  /// What each open gives; the last one repeats.
  var opens: [Result<StreamFormat, OpenProblem>]
  var startCodes: [Int32] = []
  var prepareCodes: [Int32] = []
  var resumeCodes: [Int32] = []
  var calls: [String] = []
  var isLive = true
  var unread = 0
  /// How often it was waited for and read from, which `calls` does not list.
  var polls = 0
  /// How often it was asked for anything in the second in which it was asked most often.
  private(set) var busiest = 0
  private var second: Int64 = 0
  private var askedInSecond = 0
  /// When it was first started.
  var firstStart: Int64?
  /// Called before each open.
  var beforeOpen: () throws(OpenProblem) -> Void = {}
  private var current: PCMState = .prepared
  private var format: StreamFormat?
  private var isUnplugged = false
  /// When the step that lasts for a while is over.
  private var stepEnd: Int64?
  /// Frames that were read of what came in such a step.
  private var taken = 0

  init(_ surroundings: ScriptedSurroundings, steps: [Step]) {
    self.surroundings = surroundings
    self.steps = steps
    opens = [
      .success(
        StreamFormat(rate: 16_000, channels: 1, sample: .int16, period: 320, buffer: 8000))
    ]
  }

  /// Whatever asks so often that the clock stands still is stopped.
  private func noteCall() {
    let now = surroundings.time / 1_000_000_000
    askedInSecond = now == second ? askedInSecond + 1 : 1
    second = now
    busiest = max(busiest, askedInSecond)
    if askedInSecond > 100_000 { surroundings.isStopping = true }
  }

  func open() throws(OpenProblem) -> StreamFormat {
    noteCall()
    calls.append("open")
    try beforeOpen()
    let result = opens.count > 1 ? opens.removeFirst() : opens[0]
    let opened = try result.get()
    format = opened
    isUnplugged = false
    current = .prepared
    return opened
  }

  func start() -> Int32 { answer("start", from: &startCodes) }
  func prepare() -> Int32 { answer("prepare", from: &prepareCodes) }
  func resume() -> Int32 {
    if isUnplugged {
      noteCall()
      return -ENOSYS
    }
    return answer("resume", from: &resumeCodes)
  }

  private func answer(_ call: String, from codes: inout [Int32]) -> Int32 {
    noteCall()
    calls.append(call)
    if isUnplugged { return -ENODEV }
    let code = codes.isEmpty ? 0 : codes.removeFirst()
    if code == 0 { current = .running }
    if code == 0, call == "start" { firstStart = firstStart ?? surroundings.time }
    return code
  }

  /// Whether the first step, which lasts for `milliseconds`, goes on. What is asked meanwhile takes
  /// 5 µs.
  private func goesOn(_ milliseconds: Int64) -> Bool {
    let end = stepEnd ?? surroundings.time + milliseconds * 1_000_000
    stepEnd = surroundings.time < end ? end : nil
    if stepEnd == nil { steps.removeFirst() } else { surroundings.time += 5000 }
    return stepEnd != nil
  }

  func wait(milliseconds: Int32) -> Int32 {
    noteCall()
    surroundings.meanwhile()
    polls += 1
    if isUnplugged { return -ENODEV }
    if steps.isEmpty { steps = more() }
    while true {
      if case .pass(let milliseconds)? = steps.first {
        surroundings.time += milliseconds * 1_000_000
      } else if case .claims(let frames)? = steps.first {
        unread = frames
      } else if case .then(let change)? = steps.first {
        change(self)
      } else {
        break
      }
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
    case .emptyWakes(let duration, _):
      return goesOn(duration) ? 1 : wait(milliseconds: milliseconds)
    case .flood(let duration):
      return goesOn(duration) ? 1 : wait(milliseconds: milliseconds)
    case .failingWaits(let duration, let code):
      return goesOn(duration) ? -code : wait(milliseconds: milliseconds)
    case .failingPoll(let duration):
      // The first wait takes a period.
      if stepEnd == nil, goesOn(duration) {
        surroundings.time += format!.nanoseconds(frames: format!.period)
      }
      guard goesOn(duration) else { return wait(milliseconds: milliseconds) }
      return -EIO
    case .deafPoll(let duration):
      guard goesOn(duration) else { return wait(milliseconds: milliseconds) }
      surroundings.time += Int64(milliseconds) * 1_000_000 - 5000
      unread += format!.rate * Int(milliseconds) / 1000
      return 0
    case .unplug(let whileReading):
      steps.removeFirst()
      isUnplugged = true
      unread = 4096
      return whileReading ? 1 : -ENODEV
    case nil:
      surroundings.isStopping = true
      return 0
    default: return 1
    }
  }

  func read(into frames: UnsafeMutableRawPointer, frames limit: Int) -> Int {
    noteCall()
    polls += 1
    if isUnplugged { return -Int(ENODEV) }
    switch steps.first {
    case .emptyWakes(_, let code):
      surroundings.time += 5000
      return -Int(code)
    case .flood:
      frames.initializeMemory(as: Int16.self, repeating: Int16(polls % 100), count: limit)
      return limit
    case .failingPoll(let duration):
      let passed = surroundings.time - (stepEnd! - duration * 1_000_000)
      unread = Int(passed * Int64(format!.rate) / 1_000_000_000) - taken
      let count = min(limit, unread)
      (unread, taken) = (unread - count, taken + count)
      frames.initializeMemory(as: Int16.self, repeating: Int16(polls % 100), count: count)
      return count == 0 ? -Int(EAGAIN) : count
    case .deafPoll:
      let count = min(limit, unread)
      unread -= count
      frames.initializeMemory(as: Int16.self, repeating: Int16(polls % 100), count: count)
      return count == 0 ? -Int(EAGAIN) : count
    case .failingWaits(_, let code): return -Int(code)
    case .quiet, nil: return -Int(EAGAIN)
    default: break
    }
    switch steps.removeFirst() {
    case .readFails(let code): return -Int(code)
    case .frames(let count, let value):
      let count = min(count, limit)
      let samples = frames.assumingMemoryBound(to: Int16.self)
      for index in 0..<count * format!.channels {
        samples[index] = value &+ Int16(index % format!.channels)
      }
      surroundings.time += format!.nanoseconds(frames: count)
      return count
    default: return -Int(EAGAIN)
    }
  }

  func pending() -> Int {
    noteCall()
    return unread
  }
  func state() -> PCMState {
    noteCall()
    return isUnplugged ? .disconnected : current
  }
  func close() {
    calls.append("close")
    unread = 0
  }
}
