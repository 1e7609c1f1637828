import TestSupport
import Testing

@testable import EventStream

@Suite struct RequestTests {
  private func parse(_ text: String) throws(RequestProblem) -> Request {
    try Request(parsing: Array(text.utf8))
  }

  @Test func understandsEveryCommand() throws {
    #expect(try parse(#"{"cmd":"ping"}"#) == Request(id: nil, command: .ping))
    #expect(
      try parse(#"{"cmd":"status","id":"a"}"#) == Request(id: .text("a"), command: .status(skip: 0))
    )
    #expect(try parse(#"{"cmd":"status","skip":15}"#).command == .status(skip: 15))
    #expect(
      try parse(#"{"id":7,"cmd":"replay","n":20}"#)
        == Request(id: .number(7), command: .replayLast(20)))
    #expect(
      try parse(#"{"cmd":"replay","after":"\#(sampleRun):9"}"#).command
        == .replayAfter(Cursor(run: sampleRun, sequence: 9)))
    #expect(
      try parse(
        #"{"cmd":"subscribe","types":["emotion","alert"],"streams":["a"],"interim":false,"interim_ms":100}"#
      ).command
        == .subscribe(
          types: EventTypes([.emotion, .alert]), streams: ["a"], wantsInterim: false, interimMs: 100
        ))
    #expect(
      try parse(#"{"cmd":"subscribe"}"#).command
        == .subscribe(types: .all, streams: nil, wantsInterim: true, interimMs: nil))
  }

  @Test func anIdentifierIsWholeHoweverItIsWritten() throws {
    for text in ["7", "7.0", "70e-1"] {
      #expect(try parse("{\"cmd\":\"ping\",\"id\":\(text)}").id == .number(7))
    }
  }

  @Test(arguments: [
    ("", RequestProblem.Reason.notJSON), ("hello", .notJSON), ("{", .notJSON), ("\u{0}", .notJSON),
    ("[[[[[[[[", .notJSON), ("[]", .notObject), ("7", .notObject), ("null", .notObject),
    (#"{"cmd":"ping","id":1.5}"#, .badID), (#"{"cmd":"ping","id":1e19}"#, .badID),
    (#"{"cmd":"ping","id":[]}"#, .badID),
    (
      #"{"cmd":"ping","id":"0123456789012345678901234567890123456789012345678901234567890123x"}"#,
      .badID
    ),
    ("{}", .unknownCommand), (#"{"cmd":7}"#, .unknownCommand),
    (#"{"cmd":"pong"}"#, .unknownCommand),
    (#"{"cmd":"ping","n":1}"#, .badArgument), (#"{"cmd":"subscribe","typs":[]}"#, .badArgument),
    (#"{"cmd":"subscribe","types":"emotion"}"#, .badArgument),
    (#"{"cmd":"subscribe","types":["emotoin"]}"#, .badArgument),
    (#"{"cmd":"subscribe","types":[7]}"#, .badArgument),
    (#"{"cmd":"subscribe","streams":[7]}"#, .badArgument),
    (#"{"cmd":"subscribe","streams":"a"}"#, .badArgument),
    (#"{"cmd":"subscribe","interim":1}"#, .badArgument),
    (#"{"cmd":"subscribe","interim_ms":99}"#, .badArgument),
    (#"{"cmd":"subscribe","interim_ms":60001}"#, .badArgument),
    (#"{"cmd":"replay"}"#, .badArgument), (#"{"cmd":"replay","n":-1}"#, .badArgument),
    (#"{"cmd":"replay","n":1,"after":"x"}"#, .badArgument),
    (#"{"cmd":"replay","after":"x:1"}"#, .badArgument),
    (#"{"cmd":"status","skip":-1}"#, .badArgument),
    (#"{"cmd":"status","skip":1.5}"#, .badArgument),
    (#"{"cmd":"status","skip":"1"}"#, .badArgument),
    (#"{"cmd":"status","skip":null}"#, .badArgument), (#"{"cmd":"status","n":1}"#, .badArgument),
  ])
  func saysWhyALineIsNoCommand(line: String, reason: RequestProblem.Reason) {
    let problem = #expect(throws: RequestProblem.self) { try parse(line) }
    #expect(problem?.reason == reason)
    #expect(problem?.message.isEmpty == false)
  }

  @Test(arguments: [#"{"cmd":"status","skip":-1}"#, #"{"cmd":"replay","n":-1}"#])
  func aNegativeCountIsRefusedByItsName(line: String) {
    let name = line.contains("skip") ? "skip" : "n"
    let problem = #expect(throws: RequestProblem.self) { try parse(line) }
    #expect(problem?.message == "“\(name)” must be a whole number that is not negative")
  }

  @Test func aRefusalCarriesTheIdentifier() {
    let problem = #expect(throws: RequestProblem.self) { try parse(#"{"cmd":"pong","id":"x"}"#) }
    #expect(problem?.id == .text("x"))
  }

  @Test func bytesThatAreNotTextAreRefusedNotTrapped() {
    var generator = SplitMix(seed: 1)
    for _ in 0..<5_000 {
      let line = (0..<Int.random(in: 0...80, using: &generator)).map { _ in
        UInt8.random(in: 0...255, using: &generator)
      }
      #expect(throws: RequestProblem.self) { try Request(parsing: line) }
    }
  }
}
