import EventStream
import JSON
import Service
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
}
