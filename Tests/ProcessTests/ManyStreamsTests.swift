import Foundation
import JSON
import TestSupport
import Testing

/// As many streams as there may be, of which a line of the daemon has room for some only.
@Suite(.waiting, .serialized) struct ManyStreamsTests {
  private let edgectl = Program(name: "edgectl")

  private let speech = Speech()

  private static func name(_ number: Int) -> String {
    "counter-of-the-customer-service-on-the-second-floor-no-\(number < 10 ? "0" : "")\(number)"
  }

  private static func device(_ number: Int) -> String {
    "by-path:platform-fd500000.pcie-pci-0000:01:00.0-usb-0:1.2.3.4:1.0-\(number)"
  }

  /// A daemon with 16 streams whose devices are absent; it could hear `pcm:mic`.
  private func daemon(hearing microphone: PacedMicrophone? = nil) throws -> RunningDaemon {
    let streams = (1...16).map { stream(Self.name($0), hears: Self.device($0)) }
    let daemon = try RunningDaemon(
      configuration: streams.joined(), hearing: microphone, isControlled: true)
    var absent: Set<String> = []
    let client = try EventReader(daemon.socket)
    client.send("{\"cmd\":\"replay\",\"n\":1000}\n")
    // So many captures take a while to begin on a busy machine.
    try client.read(until: "the last state", within: 60) {
      if $0.isDevice("absent"), let name = $0["stream"]?.string { absent.insert(name) }
      return absent.count == 16
    }
    return daemon
  }

  @Test func statusShowsAll() throws {
    let daemon = try daemon()
    let hello = try #require(try EventReader(daemon.socket).next())
    try #require(hello["streams_left_out"] != nil, "all find room")
    let shown = try edgectl.run(["status", "--socket", daemon.socket])
    #expect(shown.status == 3)
    let streams = shown.lines.filter { $0.hasPrefix("stream ") }
    #expect(
      streams.map { $0.split(separator: " ")[1] } == (1...16).map { "\(Self.name($0)):" },
      "\(shown.output)\(shown.error)")
    #expect(daemon.terminate().status == 0)
  }

  @Test func whatStatusPrintsAsJSONIsOneAnswerWithAll() throws {
    let daemon = try daemon()
    let printed = try edgectl.run(["status", "--json", "--socket", daemon.socket])
    #expect(printed.status == 3)
    let line = try #require(printed.lines.first)
    #expect(printed.lines.count == 1)
    let answer = try #require(try JSONValue(parsing: Array(line.utf8)).object)
    let streams = try #require(answer["streams"]?.array)
    #expect(streams.map { $0["name"]?.string } == (1...16).map(Self.name))
    #expect(streams.map { $0["device"]?.string } == (1...16).map(Self.device))
    #expect(answer["streams_left_out"] == nil)
    // The rest is the daemon's own answer.
    let reader = try EventReader(daemon.socket)
    reader.send("{\"cmd\":\"status\",\"id\":\"status\"}\n")
    let own = try #require(reader.read(until: "ok").last?.object)
    let changing: Set = ["time", "mono_ms", "uptime_ms", "clients", "streams", "streams_left_out"]
    for member in own.members where !changing.contains(member.key) {
      #expect(answer[member.key] == member.value, "\(member.key)")
    }
    #expect(
      answer.members.map(\.key) == own.members.map(\.key).filter { $0 != "streams_left_out" })
    #expect(daemon.terminate().status == 0)
  }

  @Test func doctorLooksAtAll() throws {
    let daemon = try daemon()
    let outcome = try edgectl.run([
      "doctor", "--socket", daemon.socket, "--control-socket", daemon.controlSocket,
    ])
    #expect(outcome.status == 3)
    for number in 1...16 {
      #expect(
        outcome.lines.contains {
          $0.contains(/^bad +stream +/) && $0.contains("\(Self.name(number)): ")
            && $0.contains(Self.device(number).dropFirst("by-path:".count))
        }, "\(number): \(outcome.output)")
    }
    #expect(daemon.terminate().status == 0)
  }

  @Test func resumeAndCallNameTheDeviceOfEach() throws {
    let daemon = try daemon()
    let control = ["--socket", daemon.controlSocket]
    #expect(try edgectl.run(["pause"] + control).lines.count == 16)
    let resumed = try edgectl.run(["resume"] + control)
    #expect(
      resumed.lines
        == (1...16).map {
          "\(Self.name($0)): waiting for the device \(Self.device($0)), which is absent"
        }, "\(resumed.error)")
    let ended = try edgectl.run(["call", "end", Self.name(16)] + control)
    #expect(ended.output.contains("waiting for the device \(Self.device(16))"), "\(ended.output)")
    #expect(daemon.terminate().status == 0)
  }

  @Test func theLastIsSetUpAndFollowed() throws {
    let daemon = try daemon(hearing: PacedMicrophone(playing: speech.file()))
    let outcome = try daemon.setUp(
      "--stream", Self.name(16), "--device", "pcm:mic", "--wait", "0")
    #expect(outcome.status == 0, "\(outcome.output)\(outcome.error)")
    #expect(outcome.lines.dropFirst().first == "\(Self.name(16)): pcm:mic runs")
    let tail = try edgectl.run([
      "tail", "-n", "100", "--no-follow", "--socket", daemon.socket, "--filter",
      "stream=\(Self.name(16))", "--filter", "stream=nobody",
    ])
    #expect(tail.status == 0)
    let notes = tail.error.split(separator: "\n")
    #expect(notes.count == 1 && notes[0].contains("no stream “nobody”"), "\(tail.error)")
    #expect(notes.first?.hasSuffix("\(Self.name(16)).") == true)
    #expect(daemon.terminate().status == 0)
  }

  /// Who listens at `path` and answers each question with the next of `answers`, the last one over
  /// and over.
  private func answering(
    _ answers: [String], at path: String, _ folder: TemporaryFolder
  ) throws -> RunningProgram {
    for (number, answer) in answers.enumerated() {
      try folder.file("answer-\(number + 1)", "\(answer)\n")
    }
    let script = try folder.file(
      "answer.sh",
      """
      next=1
      while read -r question; do
        cat "\(folder.path("answer-"))$next"
        [ $next -lt \(answers.count) ] && next=$((next + 1))
      done
      """)
    return try RunningProgram.listening(at: path, "bash \(script)")
  }

  private static func answer(_ streams: ClosedRange<Int>?, leftOut: Int = 0) -> String {
    let told = (streams.map(Array.init) ?? []).map {
      #"{"name":"\#(name($0))","role":"caller","device":"auto","channel":0,"state":"running"}"#
    }
    return #"{"type":"ok","id":"status","streams":[\#(told.joined(separator: ","))]"#
      + (leftOut > 0 ? #","streams_left_out":\#(leftOut)}"# : "}")
  }

  private static let refusal =
    #"{"type":"error","id":"status","reason":"bad_argument","message":"“status” has no “skip”"}"#

  @Test(arguments: [
    // It refuses, or does not know what it is asked for, or has more streams than it tells of.
    (Array(repeating: [answer(1...2, leftOut: 3), refusal], count: 3).flatMap(\.self), 3),
    ([answer(1...2, leftOut: 1)], 1), ([answer(nil, leftOut: 2)], 2),
    ([answer(1...2, leftOut: .max)], .max),
  ]) func whatADaemonDoesNotTellOfIsSaid(answers: [String], missing: Int) throws {
    for json in [[], ["--json"]] {
      let folder = TemporaryFolder()
      let path = folder.path("old.sock")
      let server = try answering(answers, at: path, folder)
      let status = try RunningProgram(
        Program.folder.appending(path: "edgectl"), ["status", "--socket", path] + json)
      #expect(status.status() == 3)
      #expect(
        status.output.contains(
          json.isEmpty
            ? "\(missing == 1 ? "1 stream is" : "\(missing) streams are") not shown"
            : #""streams_left_out":\#(missing)"#), "\(status.output)\(status.error)")
      server.send(SIGTERM)
    }
  }

  @Test(arguments: [
    // A stream that there is no more, all of those that were left out, and one that is new.
    ([answer(1...2, leftOut: 2), answer(3...3), answer(1...2, leftOut: 1), answer(3...3)], 3),
    ([answer(1...2, leftOut: 2), answer(nil), answer(1...1)], 1),
    ([answer(1...2, leftOut: 1), answer(3...4), answer(1...4)], 4),
  ]) func streamsThatComeAndGoMeanwhileAreAskedForAnew(answers: [String], count: Int) throws {
    let folder = TemporaryFolder()
    let path = folder.path("reloading.sock")
    let server = try answering(answers, at: path, folder)
    let status = try RunningProgram(
      Program.folder.appending(path: "edgectl"), ["status", "--socket", path])
    #expect(status.status() == 0, "\(status.error)")
    #expect(status.lines.filter { $0.hasPrefix("stream ") }.count == count, "\(status.output)")
    server.send(SIGTERM)
  }
}
