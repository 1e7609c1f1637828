import EventStream
import Service
import SoundDevices
import Testing

@testable import Capture
@testable import edged

/// An hour with a device that fails as a test says, over and over again: all that clients and the
/// log are told of it, by the code that tells them in the daemon. It takes milliseconds.
///
/// Whatever happens, four things must hold, and are looked at here: the stream's time is true, what
/// is published is what happened, the log has each fault at most once a minute, and the device is
/// never asked more often than rests of 10 ms between two questions make it.
final class FaultHour {
  /// A two-hundredth of a microphone's rate, in periods of 200 ms: an hour of sound is a lot of it.
  static let format = StreamFormat(
    rate: 80, channels: 1, sample: .int16, period: 16, buffer: 40)

  /// So many seconds of sound that is no fault.
  static func sound(seconds: Int) -> [ScriptedDevice.Step] {
    (0..<seconds * 5).map { .frames(16, value: Int16(100 + $0)) }
  }

  /// What happened, and when, in milliseconds.
  struct Moment<Content> {
    let ms: Int
    let content: Content
  }

  /// A change of state, and how often it had been looked before what is due.
  private struct Change {
    let ms: Int
    let looks: Int
    let state: DeviceState
    let reason: StateReason
  }

  private let surroundings = ScriptedSurroundings()
  private let feed = StreamFeed(sampleCapacity: 1024, messageCapacity: 256)
  private let health = CaptureHealth(deviceName: "mic")
  private var reporter = DeviceReporter(stream: "main")
  private var limiter = FaultLimiter()
  let device: ScriptedDevice
  /// How often the script was begun.
  private(set) var rounds = 0
  private var changes: [Change] = []
  /// When it was looked what is due, in milliseconds.
  private var looks: [Int] = []
  private var losses: [Moment<(nanoseconds: Int64, cause: LossCause)>] = []
  private var events: [Moment<Event.Content>] = []
  private(set) var lines: [Moment<LogLine>] = []
  private(set) var rates: [Int] = []
  private var heard: Int64 = 0
  private var newest: Int64?

  /// Plays `round` as often as fits into so many minutes, then two seconds of sound. `change` may
  /// alter the device before. `calls` is how often the device may be asked in a second: four
  /// questions between two rests where it is not given. `withinMs` is by how much the stream's time
  /// may be wrong: less than a sample where it is not given.
  init(
    _ round: [ScriptedDevice.Step], minutes: Int = 60, calls: Int = 430, withinMs: Int64? = nil,
    at place: SourceLocation = #_sourceLocation,
    _ change: (ScriptedDevice, ScriptedSurroundings) -> Void = { _, _ in }
  ) throws {
    device = ScriptedDevice(surroundings, steps: [])
    device.opens = [.success(Self.format)]
    let end = surroundings.time + Int64(minutes) * 60_000_000_000
    var isOver = false
    device.more = { [unowned self, surroundings] in
      guard !isOver else { return [] }
      isOver = surroundings.time >= end
      if !isOver { rounds += 1 }
      return isOver ? Self.sound(seconds: 2) : round
    }
    surroundings.meanwhile = { [unowned self] in hear() }
    change(device, surroundings)
    CaptureLoop(
      device: device, taps: [.init(channel: 0, feed: feed)], surroundings: surroundings,
      health: health
    ).run()
    hear(isLast: true)
    try checkTime(withinMs, at: place)
    checkEvents(at: place)
    checkLog(at: place)
    #expect(device.busiest <= calls, "calls in a second", sourceLocation: place)
  }

  /// What the daemon's other threads do with what the capture thread tells them.
  private func hear(isLast: Bool = false) {
    let ms = Int(surroundings.time / 1_000_000)
    let moment = EventMoment(time: Timestamp(milliseconds: ms), monotonicMs: ms)
    while let message = feed.messages.read() {
      switch message {
      case .rate(let rate): rates.append(Int(rate))
      case .samples(let count, let time):
        heard += Int64(count) * 1_000_000_000 / Int64(rates.last!)
        newest = time
      case .state(let state, let reason):
        changes.append(Change(ms: ms, looks: looks.count, state: state, reason: reason))
        say(
          reporter.change(
            to: state, reason, device: .card(id: "mic", device: 0), problem: health.lastProblem,
            at: moment, limiter: &limiter))
      case .lost(let nanoseconds, let cause):
        losses.append(Moment(ms: ms, content: (nanoseconds, cause)))
        say(reporter.lose(nanoseconds: nanoseconds, cause, at: moment, limiter: &limiter))
      case .ended: break
      }
    }
    feed.samples.forget()
    say(reporter.takeDue(at: moment, isLast: isLast, limiter: &limiter))
    looks.append(ms)
  }

  private func say(_ report: DeviceReport) {
    let ms = report.moment.monotonicMs
    events += report.events.map { Moment(ms: ms, content: $0) }
    if let line = report.line { lines.append(Moment(ms: ms, content: line)) }
  }

  // MARK: What must hold of any fault

  private func checkTime(_ withinMs: Int64?, at place: SourceLocation) throws {
    let start = try #require(device.firstStart, sourceLocation: place)
    let newest = try #require(newest, sourceLocation: place)
    let lost = losses.reduce(0) { $0 + $1.content.nanoseconds }
    let limit = withinMs.map { $0 * 1_000_000 } ?? 1_000_000_000 / Int64(rates.last!)
    #expect(abs(newest - start - heard - lost) < limit, "stream time", sourceLocation: place)
  }

  /// Every change of state is published at once, and every loss in a sum that comes at most once a
  /// second and leaves out nothing.
  private func checkEvents(at place: SourceLocation) {
    #expect(
      states == changes.map(\.state.rawValue), "changes of state", sourceLocation: place)
    let sums = events.compactMap { moment -> (ms: Int, lost: Int)? in
      if case .xrun(let loss) = moment.content { (moment.ms, loss.lostMs) } else { nil }
    }
    let told = losses.filter { $0.content.cause != .absence }
    #expect(
      Int64(sums.reduce(0) { $0 + $1.lost })
        == told.reduce(0) { $0 + $1.content.nanoseconds } / 1_000_000, "lost milliseconds",
      sourceLocation: place)
    let isSeldom = zip(sums, sums.dropFirst().dropLast()).allSatisfy { $1.ms - $0.ms >= 1000 }
    #expect(isSeldom, "`xrun` at most once a second", sourceLocation: place)
  }

  /// Of each kind of fault, the first and whatever comes a minute or more after the last line has a
  /// line, which counts those between; so has a state that still holds when the minute is over.
  /// Nothing else has.
  private func checkLog(at place: SourceLocation) {
    var lines: [(ms: Int, others: Int)] = []
    var kinds: [String: (lastMs: Int, heldBack: Int)] = [:]
    /// Something of a kind happens at `ms`; it lasts during some looks at what is due.
    func happens(_ kind: String, at ms: Int, during looks: ArraySlice<Int>) {
      guard let before = kinds[kind], ms - before.lastMs < 60_000 else {
        lines.append((ms, kinds[kind]?.heldBack ?? 0))
        kinds[kind] = (ms, 0)
        return
      }
      if let due = looks.first(where: { $0 - before.lastMs >= 60_000 }) {
        lines.append((due, before.heldBack))
        kinds[kind] = (due, 0)
      } else {
        kinds[kind]!.heldBack += 1
      }
    }
    for (index, change) in changes.enumerated()
    where ![.opening, .paused].contains(change.state) {
      let end = index + 1 < changes.count ? changes[index + 1].looks : looks.count
      happens(
        "\(change.state) \(change.reason)", at: change.ms, during: looks[change.looks..<end])
    }
    for loss in losses where loss.content.cause != .absence {
      happens("\(loss.content.cause)", at: loss.ms, during: [])
    }
    #expect(
      self.lines.map(\.ms) == lines.map(\.ms).sorted(), "times of lines", sourceLocation: place)
    let counted = self.lines.compactMap {
      $0.content.text.firstMatch(of: /\(and (\d+) such lines before it\)$/).flatMap { Int($0.1) }
    }
    #expect(
      counted.reduce(0, +) == lines.reduce(0) { $0 + $1.others }, "lines held back",
      sourceLocation: place)
  }

  // MARK: What tests ask

  /// The states that were published, in order.
  var states: [String] {
    events.compactMap {
      if case .device(let change) = $0.content { change.state.rawValue } else { nil }
    }
  }

  /// State and reason of the device events that give one, each once, in order.
  var reasons: [String] {
    events.compactMap {
      guard case .device(let change) = $0.content, let reason = change.reason else { return nil }
      return "\(change.state.rawValue) \(reason)"
    }.eachOnce
  }

  /// How many milliseconds were published as lost.
  var lostMs: Int {
    events.reduce(0) {
      if case .xrun(let loss) = $1.content { $0 + loss.lostMs } else { $0 }
    }
  }

  /// For how many milliseconds nobody heard because the device was away.
  var awayMs: Int64 {
    losses.filter { $0.content.cause == .absence }.reduce(0) { $0 + $1.content.nanoseconds }
      / 1_000_000
  }

  /// What the log says, each sentence once, in order, with its level.
  var log: [String] {
    lines.map {
      let text = $0.content.text.replacing("stream main: ", with: "")
      return "\($0.content.level.name): "
        + text.replacing(/\ \(and \d+ such lines before it\)$/, with: "")
    }.eachOnce
  }

  /// The most lines in any minute.
  var linesInAMinute: Int {
    lines.map { first in lines.count { $0.ms >= first.ms && $0.ms < first.ms + 60_000 } }.max() ?? 0
  }
}

extension [String] {
  /// Without what was there before.
  fileprivate var eachOnce: [String] {
    reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }
}
