import Affect
import Foundation
import JSON
import SoundDevices
import TestSupport
import Testing

@testable import EventStream

/// docs/events.schema.json says what `LineEncoder` writes, no more and no less. Lines are checked
/// by tools/validate-events, as integrators check them.
@Suite struct SchemaTests {
  private static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// What tools/validate-events says about `lines`, and how it ends.
  private func judge(
    _ lines: [[UInt8]], _ options: String...
  ) throws -> (complaints: [String], status: Int32) {
    let folder = TemporaryFolder()
    let files = ["lines", "complaints"].map { folder.url.appending(path: $0) }
    try Data(lines.flatMap { $0 + Array("\n".utf8) }).write(to: files[0])
    try Data().write(to: files[1])
    let process = Process()
    process.executableURL = SchemaTests.root.appending(path: "tools/validate-events")
    process.arguments = options
    process.standardInput = try FileHandle(forReadingFrom: files[0])
    process.standardOutput = try FileHandle(forWritingTo: files[1])
    process.standardError = process.standardOutput
    try process.run()
    process.waitUntilExit()
    let output = String(decoding: try Data(contentsOf: files[1]), as: UTF8.self)
    return (output.split(separator: "\n").map(String.init), process.terminationStatus)
  }

  private static let requests: [Request] = [
    Request(
      id: .number(-7),
      command: .subscribe(types: .all, streams: nil, wantsInterim: true, interimMs: nil)),
    Request(id: .text("a"), command: .replayLast(3)),
    Request(
      id: .text(String(repeating: "\u{1}", count: RequestIdentifier.maximumLength)),
      command: .replayAfter(Cursor(run: sampleRun, sequence: 1))),
    Request(command: .ping),
    Request(id: .number(.max), command: .status(skip: 0)),
  ]

  /// Every connection line, in every form it can take.
  private func connectionLines(_ encoder: inout LineEncoder) -> [[UInt8]] {
    let bare = ServerDescription(version: "0.1.0")
    var full = sampleDescription
    full.agentException = .medical
    full.reloadRefused = [
      ReloadRefusal(.config, path: nil, reason: "unknown_key", message: "what is “modle”?"),
      ReloadRefusal(.model, path: "/m.edge", reason: "not_usable", message: "it is damaged"),
    ]
    full.streams += DeviceState.allCases.flatMap { state in
      Emotion.allCases.map { emotion in
        StreamSummary(
          name: "kiosk", role: .other, device: "hw:CARD=\(state)", state: state,
          reason: emotion == .unknown ? nil : "no_card", infersEmotion: true, sustained: emotion)
      }
    }
    let counts = ServerCounts(uptimeMs: 5_000, clients: 1, firstSequence: 1, dropped: 0, refused: 0)
    var lines = [bare, sampleDescription, full].map { encoder.hello($0, heartbeatMs: 10_000) }
    lines += GapReason.allCases.map { encoder.gap($0, dropped: 3, from: 2, to: 4) }
    lines += [encoder.gap(.restart), encoder.heartbeat()]
    for request in SchemaTests.requests {
      lines.append(encoder.ok(Request(id: request.id, command: .ping)))
    }
    for streams in [nil, [], ["caller", "agent"]] {
      lines.append(
        encoder.subscribed(
          SchemaTests.requests[0],
          Subscription(
            types: EventTypes(EventType.emotion), streams: streams, wantsInterim: false,
            interimMs: 100)))
    }
    lines.append(
      encoder.subscribed(SchemaTests.requests[0], Subscription(interimMs: 60_000)))
    lines += SchemaTests.requests[1...2].map { encoder.replaying($0, events: 3) }
    lines += [bare, sampleDescription, full].map {
      encoder.status(SchemaTests.requests[4], $0, counts)
    }
    lines.append(encoder.status(SchemaTests.requests[4], full, counts, skip: 5))
    for command in [ControlCommand.pause, .resume, .call(.start), .call(.end)] {
      let request = Request(id: .number(1), command: .control(command, streams: nil))
      lines.append(encoder.obeyed(request, command, ["caller", "agent"]))
    }
    lines.append(
      encoder.metering(Request(command: .meter(true, streams: nil)), ["caller", "agent"]))
    lines.append(
      encoder.meter(MeterReading(stream: "caller", levelCentibels: -312, peakCentibels: -120)))
    lines.append(
      encoder.meter(MeterReading(stream: "agent", levelCentibels: nil, peakCentibels: nil)))
    for reason in RequestProblem.Reason.allCases {
      for id in [nil, .number(1), .text("one")] as [RequestIdentifier?] {
        lines.append(
          encoder.error(RequestProblem(id: id, reason: reason, message: "do something else")))
      }
    }
    return lines
  }

  @Test func everyLineIsAsTheSchemaSays() throws {
    var encoder = LineEncoder(run: sampleRun, clock: stoppedClock)
    let events = everyEvent.map { encoder.line(for: $0) }
    let (complaints, status) = try judge(
      events + connectionLines(&encoder), "--complete")
    #expect(complaints == [])
    #expect(status == 0)
    let types = try events.map { try JSONValue(parsing: $0)["type"]?.string }
    #expect(Set(types) == Set(EventType.allCases.map(\.rawValue)))
  }

  @Test func longestLineIsAsTheSchemaSays() throws {
    let long = String(repeating: "\u{1}é", count: 4_000)
    var encoder = LineEncoder(run: sampleRun, clock: stoppedClock)
    var description = sampleDescription
    description.streams = (0..<100).map { _ in
      StreamSummary(
        name: long, role: .agent, device: long, channel: .max, rateHz: .max, state: .stuck,
        infersEmotion: true, sustained: .surprise)
    }
    let lines = [
      encoder.line(for: Event(.config(LoadResult(.rejected, path: long, message: long)))),
      encoder.line(for: Event(stream: long, .device(DeviceChange(.lost, message: long)))),
      encoder.line(for: Event(stream: long, .alert(Alert(rule: long, phase: .firing, heldMs: 0)))),
      encoder.hello(description, heartbeatMs: 3_600_000),
    ]
    #expect(try judge(lines).complaints == [])
  }

  /// Each member in turn taken away: the schema must miss it, unless it is one of those that may be
  /// absent.
  @Test func everyMemberThatIsAlwaysThereIsRequired() throws {
    var encoder = LineEncoder(run: sampleRun, clock: stoppedClock)
    let optional: Set = [
      "reason", "message", "id", "level_dbfs", "device_id", "clock", "model", "agent_exception",
      "reload_refused", "streams_left_out", "dropped", "from", "to",
      "synced", "peak_dbfs",
    ]
    let full = everyEvent.map { encoder.line(for: $0) } + connectionLines(&encoder)
    var broken: [[UInt8]] = []
    for line in full {
      let object = try #require(try JSONValue(parsing: line).object)
      for name in object.members.map(\.key) where !optional.contains(name) {
        // The streams that a client chose, unlike those of the daemon, may be all and not named.
        if name == "streams", object["cmd"]?.string == "subscribe" { continue }
        // So may the file of a configuration that is in none.
        if name == "path", object["type"]?.string == "config" { continue }
        let rest = object.members.filter { $0.key != name }
        broken.append(Array(JSONValue.object(JSONObject(rest)).description.utf8))
      }
    }
    let complaints = try judge(broken).complaints
    let missed = complaints.filter { $0.contains("is a required property") }
    let numbers = Set(missed.compactMap { $0.split(separator: ":").first })
    #expect(numbers.count == broken.count)
  }

  /// What must be refused in an emotion: a part of its line, what stands there instead, and what is
  /// said about that.
  private static let mistakes: [(part: String, wrong: String, complaint: String)] = [
    (#""segment":1"#, #""segment":0"#, "segment: 0 is less than the minimum"),
    (#""segment":1"#, #""segment":1,"colour":"red""#, "'colour' was unexpected"),
    (#""segment":1"#, #""segment":null"#, "segment: None is not of type 'integer'"),
    (#""segment":1"#, #""segment":1,"segment":1"#, "a member appears twice"),
    (#""start_ms":1000"#, #""start_ms":-1"#, "start_ms: -1 is less than the minimum"),
    (#""label":"angry""#, #""label":"irate""#, "label: 'irate' is not one of"),
    (#""angry":0.7300"#, #""angry":0.7301"#, "the scores sum to 1.0001"),
    (#""angry":0.7300"#, #""angry":0.73"#, "scores.angry is 0.73, which does not have four"),
    (#""angry":0.7300"#, #""unknown":0.7300"#, "scores: 'unknown' should not be valid"),
    (#""confidence":0.7300"#, #""confidence":0.7200"#, "the strongest score 0.7300"),
    (#""confidence":0.7300"#, #""confidence":1.7300"#, "is greater than the maximum of 1"),
    (#""final":false"#, #""final":0"#, "final: 0 is not of type 'boolean'"),
    (#""level_dbfs":-23.1"#, #""level_dbfs":NaN"#, "it is not JSON: NaN"),
    (#""v":1"#, #""v":2"#, "v: 1 was expected"),
    (#""seq":1"#, #""seq":0"#, "seq: 0 is less than the minimum"),
    (#""type":"emotion""#, #""type":"emotions""#, "type: 'emotions' is not one of"),
    (#""run":"0011"#, #""run":"00AA"#, "run: "),
    ("2026-11-21T02:42:09.007Z", "2026-11-21 02:42:09", "time: "),
    (#"{"v""#, #"["v""#, "it is not JSON"),
    (
      #""stream":"caller""#, "\"stream\":\"\(String(repeating: "x", count: 4_000))\"", "bytes; 4096"
    ),
  ]

  @Test func everyMistakeIsNamed() throws {
    var encoder = LineEncoder(run: sampleRun, clock: stoppedClock)
    let line = encoder.line(for: Event(stream: "caller", .emotion(judgement())))
    let text = String(decoding: line, as: UTF8.self)
    let broken = SchemaTests.mistakes.map { mistake in
      #expect(text.contains(mistake.part))
      return Array(text.replacingOccurrences(of: mistake.part, with: mistake.wrong).utf8)
    }
    let (complaints, status) = try judge(broken)
    #expect(status == 1)
    for (index, mistake) in SchemaTests.mistakes.enumerated() {
      let said = complaints.filter { $0.hasPrefix("line \(index + 1): ") }
      #expect(said.contains { $0.contains(mistake.complaint) }, "\(mistake.wrong): \(said)")
    }
  }

  @Test func holeInTheSequenceIsRefusedOnlyOfCompleteLinesAndUnlessAGapExplainsIt() throws {
    var encoder = LineEncoder(run: sampleRun, clock: stoppedClock)
    let events = (0..<4).map { encoder.line(for: everyEvent[$0]) }
    let gap = encoder.gap(.slow, dropped: 1, from: 2, to: 2)
    let holed = [events[0], events[2]]
    #expect(try judge(holed, "--complete").complaints == ["line 2: seq is 3 after 1"])
    #expect(try judge([events[0], gap, events[2]], "--complete").status == 0)
    #expect(try judge(holed).status == 0)
    #expect(try judge([events[2], events[0]]).complaints == ["line 2: seq is 1 after 3"])
    #expect(try judge([events[1], events[1]]).complaints == ["line 2: seq is 2 after 2"])
  }

  @Test func newestEventIsNeverBelowOneThatCameAndInCompleteLinesNotAheadOfIt() throws {
    var encoder = LineEncoder(run: sampleRun, clock: stoppedClock)
    let early = encoder.heartbeat()
    let events = (0..<4).map { encoder.line(for: everyEvent[$0]) }
    let late = encoder.heartbeat()
    let gap = encoder.gap(.slow, dropped: 1, from: 2, to: 4)
    let complaint = "line 2: last_seq is 0, and the newest event before it 1"
    #expect(try judge([events[0], early]).complaints == [complaint])
    #expect(try judge([events[0], late]).complaints == [])
    #expect(
      try judge([events[0], late], "--complete").complaints == [
        "line 2: last_seq is 4, and the newest event before it 1"
      ])
    #expect(
      try judge([events[0], gap, late, early]).complaints == [
        "line 4: last_seq is 0, and the newest event before it 4"
      ])
    #expect(try judge([early] + events + [late], "--complete").complaints == [])
    #expect(try judge([events[0], gap, late], "--complete").complaints == [])
    let replay = encoder.replaying(SchemaTests.requests[1], events: 2)
    #expect(
      try judge(events + [replay, events[2], late, events[3], late], "--complete").complaints == [])
  }

  /// Lines that are JSON, but that hardly any reader can take in, do not keep the next from being
  /// checked.
  @Test func lineThatCannotBeReadIsOneProblemAmongOthers() throws {
    let lines = [
      #"{"type":"hello","run":"a","last_seq":"x"}"#, #"{"type":"xrun","run":"a","seq":1}"#,
      String(repeating: "[", count: 100_000), #"{"confidence":1e-9999999999999999999999}"#,
      #"{"scores":{"angry":1e99999999,"\ud800":0.5000}}"#, "{",
    ]
    let complaints = try judge(lines.map { Array($0.utf8) }).complaints
    for complaint in [
      "line 1: last_seq: 'x' is not of type 'integer'",
      "line 2: run: 'a' does not match '^[0-9a-f]{32}$'",
      "line 3: it is nested too deeply",
      "line 4: the number 1e-9999999999999999999999 is too large or too close to zero for 64 bits",
      "line 5: the number 1e99999999 is too large or too close to zero for 64 bits",
    ] {
      #expect(complaints.contains(complaint), "\(complaints)")
    }
    #expect(complaints.last?.hasPrefix("line 6: it is not JSON") == true)
  }

  @Test func memberWhoseNameIsNoTextIsNamed() throws {
    let complaints = try judge([Array(#"{"scores":{"\ud800":0.5}}"#.utf8)]).complaints
    #expect(
      complaints.contains(#"line 1: scores.\ud800 is 0.5, which does not have four decimals"#))
  }

  @Test func additionsPassForReadersButNotInOurTests() throws {
    let line = """
      {"v":1,"type":"laughter","run":"\(sampleRun)","seq":1,"time":"2026-11-21T02:42:09.007Z",\
      "mono_ms":5,"stream":"caller","loudness":0.5}
      """
    #expect(try judge([Array(line.utf8)], "--open").status == 0)
    #expect(try judge([Array(line.utf8)]).status == 1)
  }

  /// The names of all members that `schema` describes.
  private func members(_ schema: JSONValue) -> Set<String> {
    switch schema {
    case .array(let elements): return elements.reduce(into: []) { $0.formUnion(members($1)) }
    case .object(let object):
      let named = object["properties"]?.object?.members.map(\.key) ?? []
      return object.members.reduce(into: Set(named)) { $0.formUnion(members($1.value)) }
    default: return []
    }
  }

  /// docs/EVENTS.md says of every member what it is: in backquotes, or in an example as it is sent.
  @Test func everyMemberIsInTheText() throws {
    let docs = SchemaTests.root.appending(path: "docs")
    let schema = try JSONValue(
      parsing: Array(Data(contentsOf: docs.appending(path: "events.schema.json"))))
    let text = try String(contentsOf: docs.appending(path: "EVENTS.md"), encoding: .utf8)
    let names = members(schema)
    #expect(names.count >= 60 && names.isSuperset(of: ["seq", "scores", "uptime_ms"]))
    for name in names.sorted() {
      #expect(text.contains("`\(name)`") || text.contains("\"\(name)\":"), "\(name)")
    }
  }

  @Test func nothingAtAllIsRefused() throws {
    #expect(try judge([]).status == 1)
  }
}
