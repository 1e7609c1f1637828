import Affect
import JSON
import Testing

@testable import EventStream

@Suite struct LineEncoderTests {
  private func text(_ line: [UInt8]) -> String { String(decoding: line, as: UTF8.self) }

  @Test func anEmotionIsTheseBytes() {
    var encoder = LineEncoder(run: sampleRun, clock: stoppedClock)
    let line = encoder.line(for: Event(stream: "caller", .emotion(judgement())))
    #expect(
      text(line) == """
        {"v":1,"type":"emotion","run":"00112233445566778899aabbccddeeff","seq":1,\
        "time":"2026-11-21T02:42:09.007Z","mono_ms":5000,"stream":"caller","segment":1,\
        "start_ms":1000,"end_ms":1500,"baseline":3,"label":"angry","confidence":0.7300,\
        "scores":{"neutral":0.2700,"angry":0.7300},"final":false,"level_dbfs":-23.1,"latency_ms":12}
        """)
  }

  @Test func sequenceNumbersCountFromOneWithoutHoles() throws {
    var encoder = LineEncoder(run: sampleRun, clock: stoppedClock)
    for expected in 1...100 {
      let line = encoder.line(for: everyEvent[expected % everyEvent.count])
      #expect(try JSONValue(parsing: line)["seq"] == .integer(expected))
      _ = encoder.heartbeat()
    }
    #expect(encoder.lastSequence == 100)
  }

  @Test func everyLineIsOneObjectWithoutNullAndLineBreak() throws {
    var encoder = LineEncoder(run: sampleRun, clock: stoppedClock)
    for event in everyEvent {
      let line = encoder.line(for: event)
      let members = try #require(try JSONValue(parsing: line).object)
      #expect(members["type"]?.string == event.type.rawValue)
      #expect(members["stream"]?.string == event.stream)
      #expect(!members.members.contains { $0.value == .null })
      #expect(!line.contains(UInt8(ascii: "\n")))
    }
  }

  @Test func scoresSumToExactlyOne() throws {
    var encoder = LineEncoder(run: sampleRun, clock: stoppedClock)
    for angry in [0, 1, 3_333, 9_999, 10_000] {
      let line = encoder.line(for: Event(stream: "c", .emotion(judgement(angry: angry))))
      let scores = try #require(try JSONValue(parsing: line)["scores"]?.object)
      let sum = scores.members.reduce(0) { $0 + Int(($1.value.number! * 10_000).rounded()) }
      #expect(sum == 10_000)
    }
  }

  /// A daemon in which everything is called `long`.
  private func description(of long: String) -> ServerDescription {
    var description = sampleDescription
    description.version = long
    description.deviceIdentifier = long
    description.model = ModelSummary(
      id: long, name: long, labels: Emotion.named,
      accuracy: (0..<100).map { .init(name: "\($0)" + long, share: 10_000) }, data: long,
      licence: long, languages: Array(repeating: long, count: 100), date: long)
    description.reloadRefused = [EventType.config, .model].map {
      ReloadRefusal($0, path: long, reason: long, message: long)
    }
    description.streams = (0..<100).map { _ in
      StreamSummary(
        name: long, role: .caller, device: long, channel: .max, rateHz: .max, state: .clipping,
        infersEmotion: true, sustained: .surprise)
    }
    return description
  }

  /// The longest texts that anything could be called, in the characters that take most room.
  @Test(arguments: ["\u{1}", "\"", "😀", "é", "\u{2028}", "a"])
  func noTextMakesALineTooLong(character: String) throws {
    let long = String(repeating: character, count: 20_000)
    var encoder = LineEncoder(run: sampleRun, clock: stoppedClock)
    let events: [Event] = [
      Event(stream: long, .device(DeviceChange(.lost, reason: long, message: long))),
      Event(stream: long, .alert(Alert(rule: long, phase: .firing, heldMs: .max))),
      Event(
        stream: long,
        .model(LoadResult(.rejected, path: long, id: long, reason: long, message: long))),
    ]
    for event in events {
      let line = encoder.line(for: event)
      #expect(line.count < LineEncoder.maximumLength)
      #expect(throws: Never.self) { try JSONValue(parsing: line) }
    }
    let hello = encoder.hello(description(of: long), heartbeatMs: 10_000)
    #expect(hello.count < LineEncoder.maximumLength)
    let document = try JSONValue(parsing: hello)
    let shown = try #require(document["streams"]?.array?.count)
    #expect(shown > 0)
    #expect(document["streams_left_out"] == .integer(100 - shown))
  }

  /// How many streams each answer to `status` tells of, each asked for behind those before it.
  private func countsOfStreams(
    _ description: ServerDescription, id: RequestIdentifier
  ) throws -> [Int] {
    var encoder = LineEncoder(run: sampleRun, clock: stoppedClock)
    let counts = ServerCounts(
      uptimeMs: .max, clients: .max, firstSequence: .max, dropped: .max, refused: .max)
    var told: [Int] = []
    repeat {
      let skip = told.reduce(0, +)
      let request = Request(id: id, command: .status(skip: skip))
      let line = encoder.status(request, description, counts, skip: skip)
      #expect(line.count < LineEncoder.maximumLength)
      let answer = try JSONValue(parsing: line)
      let streams = try #require(answer["streams"]?.array)
      #expect(
        streams.map { $0["channel"]?.integer }
          == description.streams[skip...].prefix(streams.count).map(\.channel))
      let behind = description.streams.count - skip - streams.count
      #expect(answer["streams_left_out"]?.integer == (behind > 0 ? behind : nil))
      told.append(streams.count)
    } while told.last! > 0 && told.reduce(0, +) < description.streams.count
    return told
  }

  @Test func streamsThatFindNoRoomAreToldWhenAskedFor() throws {
    var description = sampleDescription
    description.streams = (0..<16).map { number in
      StreamSummary(
        name: String(repeating: "n", count: 64), role: .caller,
        device: String(repeating: "d", count: 128), channel: number, state: .absent,
        infersEmotion: true)
    }
    let told = try countsOfStreams(description, id: .number(1))
    #expect(told.count > 1)
    #expect(told.reduce(0, +) == 16)
  }

  /// Otherwise whoever asks for the rest would ask for ever.
  @Test(arguments: ["\u{1}", "\"", "😀", "é", "a"])
  func oneStreamAlwaysFindsRoom(character: String) throws {
    let long = String(repeating: character, count: 20_000)
    let id = String(
      repeating: character, count: RequestIdentifier.maximumLength / character.utf8.count)
    let told = try countsOfStreams(description(of: long), id: .text(id))
    #expect(told.reduce(0, +) == 100, "\(told)")
  }

  @Test func behindTheLastStreamThereIsNone() throws {
    var encoder = LineEncoder(run: sampleRun, clock: stoppedClock)
    let counts = ServerCounts(uptimeMs: 1, clients: 1, firstSequence: 1, dropped: 0, refused: 0)
    for skip in [2, 3, .max] {
      let request = Request(command: .status(skip: skip))
      let answer = try JSONValue(
        parsing: encoder.status(request, sampleDescription, counts, skip: skip))
      #expect(answer["streams"]?.array == [])
      #expect(answer["streams_left_out"] == nil)
    }
  }

  @Test func textIsCutOnlyWhereItDoesNotFit() {
    #expect("kitchen".fitting(7) == "kitchen")
    #expect("kitchen".fitting(6) == "kit…")
    #expect("ééé".fitting(6) == "ééé")
    #expect("éééé".fitting(6) == "é…")
    #expect("\u{1}\u{1}".fitting(11) == "\u{1}…")
  }
}
