import Foundation
import JSON
import TestSupport
import Testing

/// The daemon as it is run: reloads that change streams while somebody speaks.
@Suite(.waiting) struct DaemonReloadTests {
  private let speech = Speech()

  /// Fails unless segment numbers and times of one stream only grow.
  private func expectOrder(_ lines: [JSONValue]) {
    let speech = lines.filter { $0.type == "speech_start" || $0.type == "speech_end" }
    let segments = speech.compactMap { $0["segment"]?.integer }
    #expect(segments == segments.sorted())
    #expect(Set(segments).count * 2 - segments.count <= 1, "\(segments)")
    let times = speech.flatMap { [$0["start_ms"]?.integer, $0["end_ms"]?.integer] }.compactMap {
      $0
    }
    #expect(times == times.sorted(), "\(times)")
  }

  @Test(arguments: ["device = \"plug:mic\"", "device = \"pcm:mic\"\nrate = 16000"])
  func aStreamWhoseDeviceChangesGoesOnUnderItsName(change: String) throws {
    let microphone = try PacedMicrophone(playing: speech.file())
    let daemon = try RunningDaemon(
      configuration: stream(hears: "pcm:mic"), hearing: microphone)
    let client = try daemon.client()
    let before = try client.read(until: "speech_end", within: 20)
    try daemon.reload("[stream.main]\n\(change)\n")
    let after = try client.read(until: "speech_end", within: 20)
    #expect(daemon.terminate().status == 0)
    expectOrder(before + after)
    #expect(after.contains { $0.type == "xrun" && ($0["lost_ms"]?.integer ?? 0) > 0 })
    // Known from the first device, because the recognizer went on.
    #expect(after.last { $0.type == "emotion" }?["baseline"]?.integer ?? 0 >= 1)
    expectTrueTime(before, after)
  }

  @Test func aStreamThatJoinsOnTheSameCardCostsTheFirstOnlyWhatIsSaid() throws {
    let microphone = try PacedMicrophone(playing: speech.file())
    let one = stream("one", hears: "pcm:mic")
    let daemon = try RunningDaemon(
      configuration: one, hearing: microphone)
    let client = try daemon.client()
    let alone = try client.read(until: "speech_end", within: 20)
    try daemon.reload(one + stream("two", hears: "pcm:mic"))
    let together = try client.read(until: "both streams", within: 20) {
      $0["stream"]?.string == "two" && $0.type == "speech_end"
    }
    try daemon.reload(one)
    let again = try client.read(until: "the first stream again", within: 20) {
      $0["stream"]?.string == "one" && $0["segment"]?.integer == 3 && $0.type == "speech_end"
    }
    #expect(daemon.terminate().status == 0)
    let lines = alone + together + again
    let first = lines.filter { $0["stream"]?.string == "one" }
    expectOrder(first)
    #expect(first.count { $0.type == "xrun" } == 2)
    #expect(!lines.contains { $0["stream"]?.string == "two" && $0.type == "xrun" })
    expectTrueTime(alone, together.filter { $0["stream"]?.string == "one" }, again)
  }

  @Test func ofAStreamThatBecomesAnEmployeesNothingThatWasInferredIsLeft() throws {
    // Long enough that somebody still speaks after the reload, however busy the machine is.
    let microphone = try PacedMicrophone(playing: speech.repeated(speech.file(), 6))
    let caller = DaemonTests.eager + stream("desk", hears: "pcm:mic")
    let daemon = try RunningDaemon(configuration: caller, hearing: microphone)
    let client = try daemon.client()
    let before = try client.read(until: "an alert", within: 20) { $0.type == "alert" }
    let segment = try #require(before.last { $0.type == "emotion" }?["segment"]?.integer)
    try daemon.reload(caller + "role = \"agent\"\n")
    let change = try client.read(until: "config", within: 20)
    // What stood ends, and what was said so far is not judged.
    #expect(change.contains { $0.type == "state" && $0["phase"]?.string == "end" })
    #expect(change.contains { $0.type == "alert" && $0["phase"]?.string == "resolved" })
    #expect(change.contains { $0.type == "speech_end" && $0["segment"]?.integer == segment })
    #expect(!change.contains { $0["final"]?.bool == true })
    let inferred = ["emotion", "state", "alert"]
    let after = try client.read(until: "speech_end", within: 20)
    #expect(!after.contains { inferred.contains($0.type) })
    let late = try daemon.client().read(until: "what is held", within: 20) {
      $0.type == "speech_end" && $0["seq"] == after.last?["seq"]
    }
    #expect(late.contains { $0.type == "speech_start" && $0["segment"]?.integer == segment })
    #expect(!late.contains { inferred.contains($0.type) })
    #expect(daemon.terminate().status == 0)
  }

  @Test func aStreamThatIsTakenAwayAndComesBackCountsOn() throws {
    let microphone = try PacedMicrophone(playing: speech.file())
    let main = stream(hears: "pcm:mic")
    let daemon = try RunningDaemon(configuration: main, hearing: microphone)
    let client = try daemon.client()
    let before = try client.read(until: "speech_end", within: 20)
    try daemon.reload(stream("other", hears: "NoSuchCard"))
    try client.read(until: "the other stream") {
      $0["stream"]?.string == "other" && $0.isDevice("absent")
    }
    try daemon.reload(main)
    let after = try client.read(until: "speech_end", within: 20)
    #expect(daemon.terminate().status == 0)
    expectOrder(before + after)
    expectTrueTime(before, after)
  }
}
