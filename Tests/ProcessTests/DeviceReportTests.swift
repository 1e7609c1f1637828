import EventStream
import JSON
import Service
import SoundDevices
import Synchronization
import TestSupport
import Testing

@testable import edged

/// A clock that a test moves on.
private final class HandClock: Sendable {
  private let ms = Atomic(5_000)

  func pass(milliseconds: Int) { ms.add(milliseconds, ordering: .relaxed) }

  var clock: EventClock {
    EventClock(
      now: { Timestamp(milliseconds: self.ms.load(ordering: .relaxed)) },
      monotonicMs: { self.ms.load(ordering: .relaxed) })
  }
}

@Suite struct DeviceReportTests {
  /// A busy machine: between the decision that a second has passed and the sending pass some
  /// milliseconds, now more, now fewer.
  @Test func anXrunCarriesTheTimeAtWhichItWasDecided() throws {
    let folder = TemporaryFolder()
    let path = folder.path("events.sock")
    let hand = HandClock()
    let server = try EventServer(
      ListeningSocket(path: path), description: ServerDescription(version: "0"),
      clock: hand.clock)
    var client = try EventConnection(path: path)
    for _ in 0..<3 { server.process() }
    var reporter = DeviceReporter(stream: "main")
    var limiter = FaultLimiter()
    var times: [Int] = []
    for round in 0..<1_000 {
      hand.pass(milliseconds: 7)
      let report = reporter.lose(
        nanoseconds: 1_000_000, .overrun, at: server.moment, limiter: &limiter)
      if !report.events.isEmpty { times.append(report.moment.monotonicMs) }
      hand.pass(milliseconds: round * 5 % 4)
      server.publish(report, ofStream: "main")
    }
    var published: [Int] = []
    while case .line(let line) = client.receive(until: .now) {
      let event = try JSONValue(parsing: line)
      guard event["type"]?.string == "xrun" else { continue }
      published.append(try #require(event["mono_ms"]?.integer))
    }
    #expect(published.count >= 8)
    #expect(published == times)
    #expect(zip(published, published.dropFirst()).allSatisfy { $1 - $0 >= 1_000 })
  }

  /// Tells a reporter of changes at some seconds and asks each second for what is due; the lines.
  private func lines(_ changes: [Int: (DeviceState, StateReason)], seconds: Int) -> [String] {
    var reporter = DeviceReporter(stream: "main")
    var limiter = FaultLimiter()
    return (0..<seconds).flatMap { second in
      let moment = EventMoment(
        time: Timestamp(milliseconds: second * 1000), monotonicMs: second * 1000)
      let change = changes[second].flatMap { state, reason in
        reporter.change(
          to: state, reason, device: .card(id: "mic", device: 0), problem: nil, at: moment,
          limiter: &limiter
        ).line
      }
      let due = reporter.takeDue(at: moment, limiter: &limiter).line
      return [change, due].compactMap { $0.map { "\(second) \($0.topic): \($0.text)" } }
    }
  }

  @Test func theLogEndsWithTheStateThatHolds() {
    let found = lines(
      [0: (.running, .none), 10: (.lost, .disconnected), 20: (.running, .none)], seconds: 200)
    #expect(
      found.map { $0.prefix { $0 != ":" } } == [
        "0 deviceRunning", "10 deviceFault", "60 deviceRunning",
      ])
    #expect(found.last?.hasSuffix("stream main: its device runs") == true)
  }

  @Test func aStateThatHasPassedIsNotLoggedAfterwards() {
    let found = lines(
      [
        0: (.running, .none), 10: (.lost, .disconnected), 20: (.running, .none),
        30: (.lost, .disconnected), 40: (.opening, .none), 90: (.running, .none),
      ], seconds: 200)
    #expect(
      found.map { $0.prefix { $0 != ":" } } == [
        "0 deviceRunning", "10 deviceFault", "90 deviceRunning",
      ])
    #expect(found.last?.hasSuffix("(and 1 such lines before it)") == true)
  }
}
