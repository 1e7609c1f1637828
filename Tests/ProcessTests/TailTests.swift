import Affect
import EventStream
import Foundation
import JSON
import Testing

/// `edgectl tail` and `edgectl status` as they are typed.
@Suite(.serialized) struct TailTests {
  private static let run = RunIdentifier(hexadecimal: "00112233445566778899aabbccddeeff")!
  private static let otherRun = RunIdentifier(hexadecimal: "ffeeddccbbaa99887766554433221100")!
  private let folder = try! TemporaryFolder()
  private var path: String { folder.path("events.sock") }
  private let edgectl = Program.folder.appending(path: "edgectl")

  /// Four losses on one stream and one on another.
  private static let fiveLosses =
    EventService.losses(1...4) + [Event(stream: "kiosk", .xrun(Xrun(lostMs: 5)))]

  private func service(
    run: RunIdentifier = run, holding held: [Event] = [],
    settings: EventServer.Settings = EventServer.Settings(), state: DeviceState = .running
  ) throws -> EventService {
    try EventService(path: path, run: run, holding: held, settings: settings, state: state)
  }

  private func tail(
    _ arguments: String..., environment: [String: String] = [:]
  ) throws -> RunningProgram {
    try RunningProgram(
      edgectl, ["tail", "--socket", path] + arguments, environment: environment)
  }

  /// What `arguments` print of five losses that are held already, and how that ends.
  private func shown(_ arguments: [String]) throws -> (losses: [Int], status: Int32) {
    let service = try service(holding: TailTests.fiveLosses)
    defer { service.end() }
    let program = try RunningProgram(edgectl, ["tail", "--socket", path] + arguments)
    let status = program.status()
    return (losses(program), status)
  }

  private func losses(_ program: RunningProgram) -> [Int] {
    program.lines.compactMap { line in
      (try? JSONValue(parsing: Array(line.utf8)))?["lost_ms"]?.integer
    }
  }

  @Test func elsewhereThanOnATerminalLinesAreTheDaemonsOwn() throws {
    let service = try service()
    let program = try tail("--count", "2")
    service.wait(forClients: 1)
    service.publish(EventService.losses(1...2))
    #expect(program.status() == 0)
    let checked = try Program.run(
      Repository.root.appending(path: "tools/validate-events"), [],
      input: Data(program.output.utf8))
    #expect(checked.output == "")
    #expect(checked.status == 0)
    #expect(losses(program) == [1, 2])
    #expect(program.error == "")
    service.end()
  }

  @Test func beginsWithTheLastEventsOrBehindACursor() throws {
    #expect(try shown(["-n", "2", "--count", "2"]).losses == [4, 5])
    #expect(try shown(["-n", "100", "--count", "5"]).losses == [1, 2, 3, 4, 5])
    #expect(
      try shown(["--after-cursor", "\(TailTests.run):3", "--count", "2"]).losses == [4, 5])
  }

  @Test func timeoutEndsWithThreeOnlyWhenEventsAreMissing() throws {
    let short = try shown(["-n", "5", "--count", "6", "--timeout", "0.5"])
    #expect(short.losses == [1, 2, 3, 4, 5])
    #expect(short.status == 3)
    #expect(try shown(["-n", "5", "--timeout", "0.5"]).status == 0)
  }

  @Test(arguments: [
    (["lost_ms=3"], [3]), (["lost_ms>=4"], [4, 5]), (["lost_ms<=2"], [1, 2]),
    (["stream!=caller"], [5]), (["stream=caller,lost_ms>=2,lost_ms<=3"], [2, 3]),
    (["lost_ms=1", "stream=kiosk"], [1, 5]), (["label=angry"], []), (["lost_ms=2.0"], [2]),
  ])
  func filterPasses(filters: [String], expected: [Int]) throws {
    let arguments = ["-n", "5", "--timeout", "0.4"] + filters.flatMap { ["--filter", $0] }
    let (losses, status) = try shown(arguments)
    #expect(status == 0)
    #expect(losses == expected)
  }

  @Test func whatItFollowsGoesOnWhereItWasWhenTheDaemonIsBack() throws {
    let before = try service()
    let program = try tail("--count", "6")
    before.wait(forClients: 1)
    before.publish(EventService.losses(1...2))
    program.wait(forLines: 2)
    before.end()
    program.wait(forError: "edged has gone")
    // The same run that has gone on meanwhile: its numbers go on, and what was missed is caught up with.
    let after = try service(holding: EventService.losses(1...4))
    after.wait(forClients: 1)
    program.wait(forLines: 4)
    after.publish(EventService.losses(5...6))
    #expect(program.status() == 0)
    #expect(losses(program) == [1, 2, 3, 4, 5, 6])
    #expect(program.error.contains("edged is back"))
    after.end()
  }

  @Test func anotherRunIsAGapAndThenAllThatItHolds() throws {
    let before = try service()
    let program = try tail("--count", "4")
    before.wait(forClients: 1)
    before.publish(EventService.losses(1...2))
    program.wait(forLines: 2)
    before.end()
    let after = try service(run: TailTests.otherRun, holding: EventService.losses(11...12))
    #expect(program.status() == 0)
    #expect(losses(program) == [1, 2, 11, 12])
    #expect(program.lines.contains { $0.contains(#""type":"gap""#) && $0.contains("restart") })
    after.end()
  }

  @Test func aTimeoutHoldsWhileTheDaemonIsAway() throws {
    let service = try service()
    let program = try tail("--count", "1", "--timeout", "1.5")
    service.wait(forClients: 1)
    service.end()
    #expect(program.status() == 3)
  }

  @Test func withoutReconnectItEndsWithTheDaemon() throws {
    let service = try service()
    let program = try tail("--no-reconnect")
    service.wait(forClients: 1)
    service.end()
    #expect(program.status() == 1)
    #expect(program.error.contains("edged has gone from \(path)"))
  }

  @Test func whatWasOverwrittenIsAGap() throws {
    var settings = EventServer.Settings()
    settings.historyBytes = 8_192
    let service = try service(holding: EventService.losses(1...200), settings: settings)
    let all = try tail(
      "--after-cursor", "\(TailTests.run):0", "--filter", "lost_ms=200", "--count", "1")
    #expect(all.status() == 0)
    let gap = try JSONValue(parsing: Array(try #require(all.lines.first).utf8))
    #expect(gap["type"]?.string == "gap")
    #expect(gap["reason"]?.string == "expired")
    #expect(gap["from"]?.integer == 1)
    service.end()
  }

  @Test func cursorThatLiesAheadIsRefused() throws {
    let service = try service()
    let program = try tail("--after-cursor", "\(TailTests.run):9")
    #expect(program.status() == 1)
    #expect(program.error.contains("the cursor is ahead of the last event, 0"))
    service.end()
  }

  @Test func withoutADaemonItSaysSoInOneSentence() throws {
    for command in ["tail", "status"] {
      let outcome = try Program(name: "edgectl").run([command, "--socket", path])
      #expect(outcome.status == 1)
      #expect(outcome.output == "")
      #expect(outcome.error.split(separator: "\n").count == 1)
      // systemd's commands would start another daemon than this one.
      #expect(
        outcome.error.contains("there is no socket \(path): start the edged that serves there"))
      #expect(!outcome.error.contains("systemctl"))
    }
  }

  @Test func nobodyAtASocketIsAdvisedByWhoseItIs() throws {
    let abandoned = "import socket,sys; socket.socket(socket.AF_UNIX).bind(sys.argv[1])"
    _ = try Program.run(Program.onPath("python3"), ["-c", abandoned, path])
    let outcome = try Program(name: "edgectl").run(["status", "--socket", path])
    #expect(outcome.status == 1)
    #expect(outcome.error.contains("nobody serves on \(path): start the edged that served there"))
    let service = try Program(name: "edgectl").run([
      "status", "--socket", "/run/edged/nothing.sock",
    ])
    #expect(service.error.contains("systemctl start edged"))
  }

  @Test func filtersMayBeSpaced() throws {
    #expect(try shown(["-n", "5", "--timeout", "0.4", "--filter", " lost_ms == 3 "]).losses == [3])
    #expect(
      try shown(["-n", "5", "--timeout", "0.4", "--filter", "stream = caller , lost_ms >= 3"])
        .losses == [3, 4])
  }

  @Test(arguments: [
    ("type=emotoin", "“emotoin” is no type: there are speech_start"),
    ("label=angy", "“angy” is no label: there are neutral"),
    ("lable=angry", "no event has “lable”: they have at_ms"),
    ("confidence>0.5", "“confidence>0.5” does not compare"),
    ("confidence>=high", "“high” is no number"), ("label=", "compared with nothing"),
  ])
  func aFilterThatNothingPassesIsRefused(filter: String, sentence: String) throws {
    let outcome = try Program(name: "edgectl").run(
      ["tail", "--socket", path, "--filter", filter])
    #expect(outcome.status == 64)
    #expect(outcome.error.contains(sentence), "\(outcome.error)")
  }

  /// A member that is missing here cannot be filtered by: add it to `EventFilter.members`.
  @Test func everyMemberOfAnEventCanBeFilteredBy() throws {
    let schema = try JSONValue(
      parsing: Array(
        Data(contentsOf: Repository.root.appending(path: "docs/events.schema.json"))))
    var members: Set<String> = []
    func collect(_ name: String) {
      let definition = schema["$defs"]?[name]
      members.formUnion(definition?["properties"]?.object?.members.map(\.key) ?? [])
      let parents = (definition?["allOf"]?.array ?? []) + [definition].compactMap { $0 }
      for parent in parents.compactMap({ $0["$ref"]?.string }) {
        collect(String(parent.split(separator: "/").last!))
      }
    }
    for name in ["line"] + EventType.allCases.map(\.rawValue) { collect(name) }
    #expect(members.count > 20)
    for member in members.sorted() where !["type", "label"].contains(member) {
      let outcome = try Program(name: "edgectl").run(
        ["tail", "--socket", path, "--filter", "\(member)=1"])
      #expect(outcome.status == 1, "\(outcome.error)")
    }
  }

  @Test func gapsAndStatesAreToldInWords() throws {
    let state = SustainedState(
      label: .angry, sinceMs: 1_000, phase: .start, atMs: 5_200, share: 7_000)
    let over = SustainedState(
      label: .angry, sinceMs: 1_000, phase: .end, atMs: 21_000, share: 2_000)
    let held = [state, over].map { Event(stream: "caller", .state($0)) }
    var service = try service(holding: held)
    let states = try tail("--readable", "-n", "2", "--count", "2")
    #expect(states.status() == 0)
    #expect(states.lines.first?.hasSuffix("caller    angry for 4.2 s now") == true)
    #expect(states.lines.last?.hasSuffix("caller    angry no more, after 20.0 s") == true)
    service.end()
    var settings = EventServer.Settings()
    settings.historyBytes = 8_192
    service = try self.service(holding: EventService.losses(1...200), settings: settings)
    let expired = try tail(
      "--readable", "--after-cursor", "\(TailTests.run):0", "--count", "1")
    #expect(expired.status() == 0)
    #expect(expired.lines.first?.contains("events were missed: edged holds them no more") == true)
    let restarted = try tail(
      "--readable", "--after-cursor", "\(TailTests.otherRun):7", "--count", "1")
    #expect(restarted.status() == 0)
    #expect(restarted.lines.first?.contains("edged was restarted") == true)
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
    #expect(outcome.error.hasPrefix("Error: "))
  }

  @Test func aReaderThatLeavesEndsItQuietly() throws {
    let service = try service()
    let program = try RunningProgram(
      try Program.onPath("bash"),
      ["-c", "'\(edgectl.path)' tail --socket '\(path)' | head -1; echo ${PIPESTATUS[0]}"])
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
    let service = try service(holding: EventService.losses(1...1))
    let program = try RunningProgram(
      try Program.onPath("bash"),
      ["-c", "'\(edgectl.path)' tail --socket '\(path)' -n 1 > /dev/full"])
    #expect(program.status() == 1)
    #expect(program.error.contains("cannot write to standard output: No space left on device"))
    service.end()
  }

  @Test(arguments: [SIGINT, SIGTERM])
  func interruptedItEndsWithSuccess(signal: Int32) throws {
    let service = try service()
    let program = try tail()
    service.wait(forClients: 1)
    program.send(signal)
    #expect(program.status() == 0)
    #expect(program.error == "")
    service.end()
  }

  /// What is shown on a terminal of a loss and of a device that calls itself something wild.
  private func onTerminal(_ environment: [String: String]) throws -> String {
    let wild = DeviceChange(.lost, message: "\u{1b}]0;mine\u{7} went")
    let service = try service(
      holding: EventService.losses(1...1) + [Event(stream: "caller", .device(wild))])
    defer { service.end() }
    let program = try RunningProgram(
      try Program.onPath("script"),
      ["-qec", "'\(edgectl.path)' tail --socket '\(path)' -n 2 --count 2", "/dev/null"],
      environment: environment)
    #expect(program.status() == 0)
    return program.output
  }

  @Test func onATerminalItIsForPeople() throws {
    let coloured = try onTerminal(["NO_COLOR": ""])
    #expect(coloured.contains("1 ms of sound were lost"))
    #expect(!coloured.contains("{"))
    #expect(coloured.contains("\u{1b}[2m"))
    #expect(coloured.contains("]0;mine"))
    #expect(!coloured.contains("\u{1b}]"))
    let plain = try onTerminal(["NO_COLOR": "1"])
    #expect(plain.contains("1 ms of sound were lost"))
    #expect(!plain.contains("\u{1b}"))
  }

  @Test func statusShowsTheDaemonAndWhetherAllIsWell() throws {
    let well = try service()
    let shown = try Program(name: "edgectl").run(["status", "--socket", path])
    #expect(shown.status == 0, "\(shown.error)")
    #expect(shown.output.contains("model   trial (9f86d081884c): neutral, angry"))
    #expect(shown.output.contains("stream  caller: caller on auto channel 0, running, 48000 Hz"))
    let answer = try Program(name: "edgectl").run(["status", "--json", "--socket", path])
    let checked = try Program.run(
      Repository.root.appending(path: "tools/validate-events"), [], input: Data(answer.output.utf8))
    #expect(checked.output == "")
    #expect(checked.status == 0)
    well.end()
    let ill = try service(state: .absent)
    #expect(try Program(name: "edgectl").run(["status", "--socket", path]).status == 3)
    ill.end()
  }
}
