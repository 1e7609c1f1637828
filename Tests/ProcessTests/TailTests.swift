import EventStream
import Foundation
import JSON
import TestSupport
import Testing

/// `edgectl tail` as it is typed: where it begins, what it follows, how it ends.
@Suite(.waiting) struct TailTests {
  private let tailed = TailedService()
  private var path: String { tailed.path }

  @Test func elsewhereThanOnATerminalLinesAreTheDaemonsOwn() throws {
    let service = try tailed.service()
    let program = try tailed.tail("--count", "2")
    service.wait(forClients: 1)
    service.publish(EventService.losses(1...2))
    #expect(program.status() == 0)
    let checked = try Program.run(
      Repository.root.appending(path: "tools/validate-events"), ["--complete"],
      input: Data(program.output.utf8))
    #expect(checked.output == "")
    #expect(checked.status == 0)
    #expect(tailed.losses(program) == [1, 2])
    #expect(program.error == "")
    service.end()
  }

  @Test func beginsWithTheLastEventsOrBehindACursor() throws {
    #expect(try tailed.shown(["-n", "2", "--count", "2"]).losses == [4, 5])
    #expect(try tailed.shown(["-n", "100", "--count", "5"]).losses == [1, 2, 3, 4, 5])
    #expect(
      try tailed.shown(["--after-cursor", "\(TailedService.run):3", "--count", "2"]).losses == [
        4, 5,
      ])
  }

  @Test(arguments: [
    (["-n", "2"], [4, 5]), (["-n3"], [3, 4, 5]), (["--lines", "1"], [5]), ([], [1, 2, 3, 4, 5]),
    (["-n", "0"], []), (["-n", "2", "--filter", "stream=caller"], [3, 4]),
    (["--filter", "stream=kiosk"], [5]), (["--filter", "type=alert"], []),
    (["--after-cursor", "\(TailedService.run):3"], [4, 5]), (["--count", "2"], [1, 2]),
  ])
  func withoutFollowingItEndsAfterWhatWasThere(arguments: [String], expected: [Int]) throws {
    let (losses, status) = try tailed.shown(["--no-follow"] + arguments)
    #expect(losses == expected)
    #expect(status == 0)
  }

  @Test func timeoutEndsWithThreeOnlyWhenEventsAreMissing() throws {
    let short = try tailed.shown(["-n", "5", "--count", "6", "--timeout", "0.5"])
    #expect(short.losses == [1, 2, 3, 4, 5])
    #expect(short.status == 3)
    #expect(try tailed.shown(["-n", "5", "--timeout", "0.5"]).status == 0)
  }

  /// Who waits for so many events, and was told two of them before the daemon went away.
  private func leftAlone(afterTwoOf count: Int) throws -> RunningProgram {
    let service = try tailed.service()
    let program = try tailed.tail("--count", "\(count)")
    service.wait(forClients: 1)
    service.publish(EventService.losses(1...2))
    program.wait(forLines: 2)
    service.end()
    return program
  }

  @Test func whatItFollowsGoesOnWhereItWasWhenTheDaemonIsBack() throws {
    let program = try leftAlone(afterTwoOf: 6)
    program.wait(forError: "edged has gone")
    // The same run that has gone on meanwhile: its numbers go on, and what was missed is caught up
    // with.
    let after = try tailed.service(holding: EventService.losses(1...4))
    after.wait(forClients: 1)
    program.wait(forLines: 4)
    after.publish(EventService.losses(5...6))
    #expect(program.status() == 0)
    #expect(tailed.losses(program) == [1, 2, 3, 4, 5, 6])
    #expect(program.error.contains("edged is back"))
    after.end()
  }

  @Test func anotherRunIsAGapAndThenAllThatItHolds() throws {
    let program = try leftAlone(afterTwoOf: 4)
    let after = try tailed.service(
      run: TailedService.otherRun, holding: EventService.losses(11...12))
    #expect(program.status() == 0)
    #expect(tailed.losses(program) == [1, 2, 11, 12])
    #expect(program.lines.contains { $0.contains(#""type":"gap""#) && $0.contains("restart") })
    after.end()
  }

  @Test func aTimeoutHoldsWhileTheDaemonIsAway() throws {
    let service = try tailed.service()
    let program = try tailed.tail("--count", "1", "--timeout", "1.5")
    service.wait(forClients: 1)
    service.end()
    #expect(program.status() == 3)
  }

  @Test func withoutReconnectItEndsWithTheDaemon() throws {
    let service = try tailed.service()
    let program = try tailed.tail("--no-reconnect")
    service.wait(forClients: 1)
    service.end()
    #expect(program.status() == 1)
    #expect(program.error.contains("edged has gone from \(path)"))
  }

  @Test func whatWasOverwrittenIsAGap() throws {
    var settings = EventServer.Settings()
    settings.historyBytes = 8_192
    let service = try tailed.service(holding: EventService.losses(1...200), settings: settings)
    let all = try tailed.tail(
      "--after-cursor", "\(TailedService.run):0", "--filter", "lost_ms=200", "--count", "1")
    #expect(all.status() == 0)
    let gap = try JSONValue(parsing: Array(try #require(all.lines.first).utf8))
    #expect(gap["type"]?.string == "gap")
    #expect(gap["reason"]?.string == "expired")
    #expect(gap["from"]?.integer == 1)
    service.end()
  }

  @Test func cursorThatLiesAheadIsRefused() throws {
    let service = try tailed.service()
    let program = try tailed.tail("--after-cursor", "\(TailedService.run):9")
    #expect(program.status() == 1)
    #expect(program.error.contains("the cursor is ahead of the last event, 0"))
    service.end()
  }

  @Test(arguments: [
    ["-n", "-1"], ["-n", "many"], ["--count", "0"], ["--timeout", "0"], ["--timeout", "nan"],
    ["--timeout", "inf"], ["--timeout", "1e300"], ["--after-cursor", "12"], ["--filter", "label"],
    ["--filter", "confidence>=high"], ["--filter", "=angry"], ["--filter", "a=b,"],
    ["-n", "1", "--after-cursor", "00112233445566778899aabbccddeeff:1"], ["--json", "--readable"],
    ["surplus"], ["--colour"],
  ])
  func wrongUsageIsRefused(arguments: [String]) throws {
    let outcome = try Program(name: "edgectl").run(["tail", "--socket", path] + arguments)
    #expect(outcome.status == 64)
    #expect(outcome.output == "")
    #expect(outcome.error.hasPrefix("edgectl: "))
  }

  @Test func whatIsNotPositiveIsNamed() throws {
    for (arguments, sentence) in [
      (["-n", "-3"], "-n must not be negative"), (["--count", "-1"], "--count must be at least 1"),
      (["--timeout", "-1"], "--timeout must be positive"),
    ] {
      let outcome = try Program(name: "edgectl").run(["tail", "--socket", path] + arguments)
      #expect(outcome.status == 64)
      #expect(outcome.error.contains(sentence), "\(outcome.error)")
    }
  }

  @Test func theControlSocketTellsNoEvents() throws {
    let daemon = try RunningDaemon(["--device", "NoSuchCard"], isControlled: true)
    let control = daemon.controlSocket
    for arguments in [[], ["-n", "1"]] {
      let outcome = try Program(name: "edgectl").run(["tail", "--socket", control] + arguments)
      #expect(outcome.status == 1)
      #expect(outcome.error.contains("\(control) is edged's control socket"), "\(outcome.error)")
    }
    #expect(daemon.terminate().status == 0)
  }

  @Test(arguments: [("echo 220 hello;", []), ("", []), ("", ["--timeout", "0.5"])])
  func whoDoesNotGreetAsTheDaemonDoesIsNone(says: String, limit: [String]) throws {
    let folder = TemporaryFolder()
    let foreign = folder.path("foreign.sock")
    let server = try RunningProgram.listening(at: foreign, "\(says)sleep 20")
    let outcome = try Program(name: "edgectl").run(["tail", "--socket", foreign] + limit)
    #expect(outcome.status == 1)
    #expect(outcome.error.contains("nobody greets on \(foreign)"), "\(outcome.error)")
    server.send(SIGTERM)
  }

  @Test func whatIsForgottenWhileItIsToldIsNotWaitedFor() throws {
    let folder = TemporaryFolder()
    let path = folder.path("events.sock")
    // Three events are promised, and two of them are forgotten before they could be sent.
    let run = "\"run\":\"00112233445566778899aabbccddeeff\""
    let lines = [
      "{\"v\":1,\"type\":\"hello\",\(run),\"last_seq\":3,\"streams\":[]}",
      "{\"v\":1,\"type\":\"ok\",\(run),\"last_seq\":3,\"cmd\":\"replay\",\"id\":\"tail\",\"events\":3}",
      "{\"v\":1,\"type\":\"xrun\",\(run),\"seq\":1,\"stream\":\"caller\",\"lost_ms\":7}",
      "{\"v\":1,\"type\":\"heartbeat\",\(run),\"last_seq\":3}",
    ]
    let said = try folder.file("said", lines.map { $0 + "\n" }.joined())
    let server = try RunningProgram.listening(at: path, "cat \(said); sleep 7")
    let program = try RunningProgram(tailed.edgectl, ["tail", "--socket", path, "--no-follow"])
    #expect(program.status(within: 6) == 0)
    #expect(program.lines == [lines[2]])
    server.send(SIGTERM)
  }

  @Test func aStreamThatThereIsNotIsNamed() throws {
    let service = try tailed.service(holding: EventService.losses(1...1))
    let program = try tailed.tail("--filter", "stream=calller", "--timeout", "0.5")
    #expect(program.status() == 0)
    #expect(program.error.contains("edged has no stream “calller” now; it has caller."))
    let known = try tailed.tail("--filter", "stream=caller", "--count", "1", "-n", "1")
    #expect(known.status() == 0)
    #expect(known.error == "")
    service.end()
  }

  @Test func aReaderThatLeavesEndsItQuietly() throws {
    let service = try tailed.service()
    let program = try RunningProgram(
      try Program.onPath("bash"),
      ["-c", "'\(tailed.edgectl.path)' tail --socket '\(path)' | head -1; echo ${PIPESTATUS[0]}"])
    service.wait(forClients: 1)
    service.publish(EventService.losses(1...1))
    // Nothing more happens; it must not wait for something that it could not write anyway.
    #expect(program.status() == 0)
    #expect(program.lines.count == 2)
    #expect(program.lines.last == "0")
    #expect(program.error == "")
    service.end()
  }

  @Test func aFullDiskIsNamed() throws {
    let service = try tailed.service(holding: EventService.losses(1...1))
    let program = try RunningProgram(
      try Program.onPath("bash"),
      ["-c", "'\(tailed.edgectl.path)' tail --socket '\(path)' -n 1 > /dev/full"])
    #expect(program.status() == 1)
    #expect(program.error.contains("cannot write to standard output: No space left on device"))
    service.end()
  }

  @Test(arguments: [SIGINT, SIGTERM])
  func interruptedItEndsWithSuccess(signal: Int32) throws {
    let service = try tailed.service()
    let program = try tailed.tail()
    service.wait(forClients: 1)
    program.send(signal)
    #expect(program.status() == 0)
    #expect(program.error == "")
    service.end()
  }
}
