import Foundation
import JSON
import ModelFile
import TestSupport
import Testing

/// The daemon as it is run: what it says about sound that it hears.
@Suite(.waiting) struct DaemonTests {
  private let speech = Speech()

  /// Whatever is felt is a state and an alert at once.
  static let eager = """
    [affect]
    enter_share = 0.01
    leave_share = 0.01
    time_constant_ms = 100
    [alert.any]
    emotions = ["neutral", "happy", "sad", "angry", "fear", "disgust"]
    share = 0.01
    for_s = 0

    """

  /// What the daemon publishes about a clip, from the first event to the end of the clip.
  private func events(
    of device: String, _ configuration: String = "", hearing microphone: PacedMicrophone? = nil,
    input: String = "/dev/null",
    until isLast: (JSONValue) -> Bool = { $0["reason"]?.string == "ended" }
  ) throws -> [JSONValue] {
    let daemon = try RunningDaemon(
      device.isEmpty ? [] : ["--device", device], configuration: configuration,
      hearing: microphone, input: input)
    let lines = try daemon.client().read(until: "the end of the clip", within: 30, isLast)
    #expect(daemon.terminate().status == 0, "\(daemon.log)")
    return lines.filter { $0["seq"] != nil }
  }

  private func speechEvents(_ lines: [JSONValue]) -> [JSONValue] {
    lines.filter { ["speech_start", "emotion", "speech_end"].contains($0.type) }
  }

  /// What does not depend on when it was said.
  private func content(_ lines: [JSONValue], and inferred: [String] = []) -> [String] {
    let changing = ["run", "seq", "time", "mono_ms", "latency_ms"]
    let types = ["speech_start", "emotion", "speech_end"] + inferred
    return lines.filter { types.contains($0.type) }.map { line in
      let members = line.object!.members.filter { !changing.contains($0.key) }
      return "\(JSONValue.object(JSONObject(members)))"
    }
  }

  @Test func aSegmentBeginsIsJudgedAndEnds() throws {
    let lines = try events(of: "wav-fast:\(speech.file())")
    #expect(lines.compactMap { $0["seq"]?.integer } == Array(1...lines.count))
    #expect(Set(lines.compactMap { $0["run"]?.string }).count == 1)
    let said = speechEvents(lines)
    let segments = said.count { $0.type == "speech_start" }
    try #require(segments > 0)
    for segment in 1...segments {
      let types = said.filter { $0["segment"]?.integer == segment }.map(\.type)
      #expect(types.first == "speech_start")
      #expect(types.last == "speech_end")
      #expect(types.dropFirst().dropLast().allSatisfy { $0 == "emotion" })
      let finals = said.filter {
        $0["segment"]?.integer == segment && $0["final"]?.bool == true
      }
      #expect(finals.count == 1)
    }
    for emotion in said where emotion.type == "emotion" {
      let scores = emotion["scores"]?.object?.members ?? []
      #expect(abs(scores.reduce(0) { $0 + ($1.value.number ?? 0) } - 1) < 1e-9)
    }
  }

  @Test func atTheMicrophonesPaceItSaysTheSame() throws {
    let clip = try speech.file()
    let fast = try events(of: "wav-fast:\(clip)")
    #expect(try content(events(of: "wav:\(clip)")) == content(fast))
    #expect(!content(fast).isEmpty)
  }

  @Test func throughALSAItSaysTheSameToTheLastDigit() throws {
    let clip = try speech.file()
    let expected = try content(events(of: "wav-fast:\(clip)"))
    let last = try #require(expected.last)
    let microphone = try PacedMicrophone(playing: clip)
    let heard = try events(of: "pcm:mic", hearing: microphone) {
      $0.type == "speech_end" && self.content([$0]) == [last]
    }
    #expect(content(heard) == expected)
  }

  @Test func rawSamplesOnStandardInputAreHeard() throws {
    let clip = try speech.file()
    let raw = try speech.raw(clip)
    #expect(try content(events(of: "stdin", input: raw)) == content(events(of: "wav-fast:\(clip)")))
  }

  @Test func twoChannelsAreTwoStreams() throws {
    let left = try speech.file("This is the left channel, and it is rather angry.")
    let stereo = speech.folder.path("stereo.wav")
    try Program.sox(["-R", left, "-c", "2", stereo, "remix", "1", "0"])
    let streams = ["left", "right"].enumerated().map { channel, name in
      stream(name, hears: "wav-fast:\(stereo)") + "channel = \(channel)\n"
    }
    var ended = 0
    let lines = try events(of: "", streams.joined()) {
      if $0["reason"]?.string == "ended" { ended += 1 }
      return ended == 2
    }
    #expect(Set(speechEvents(lines).compactMap { $0["stream"]?.string }) == ["left"])
  }

  @Test func ofAnEmployeeSpeechIsHeardAndNoEmotionInferred() throws {
    let clip = try speech.file()
    let desk = stream("desk", hears: "wav-fast:\(clip)") + "role = \"agent\"\n"
    let lines = try events(of: "", Self.eager + desk)
    let types = Set(lines.map(\.type))
    #expect(types.isSuperset(of: ["speech_start", "speech_end"]))
    #expect(types.isDisjoint(with: ["emotion", "state", "alert"]))
    let excepted = try events(
      of: "", Self.eager + "[agents]\nexception = \"safety\"\n" + desk)
    #expect(Set(excepted.map(\.type)).isSuperset(of: ["emotion", "state", "alert"]))
  }

  @Test func aClientMayHaveResultsTenTimesASecondAndTheOthersNoticeNothing() throws {
    // The clients must be there when speech begins, also on a machine that has much else to do.
    let clip = try speech.file(after: 3)
    let inferred = ["state", "alert"]
    let usual = try content(events(of: "wav:\(clip)", Self.eager), and: inferred)
    let daemon = try RunningDaemon(["--device", "wav:\(clip)"], configuration: Self.eager)
    let often = try EventReader(daemon.socket)
    often.send("{\"cmd\":\"subscribe\",\"interim_ms\":100}\n")
    let other = try EventReader(daemon.socket)
    let heard = try other.read(until: "the end", within: 20) { $0["reason"]?.string == "ended" }
    #expect(content(heard, and: inferred) == usual)
    let all = try often.read(until: "the end", within: 5) { $0["reason"]?.string == "ended" }
    let interim = all.filter { $0["final"]?.bool == false && $0["segment"]?.integer == 1 }
    let ends = interim.compactMap { $0["end_ms"]?.integer }
    #expect(ends.count >= 10)
    #expect(zip(ends, ends.dropFirst()).allSatisfy { $1 - $0 == 100 }, "\(ends)")
    #expect(daemon.terminate().status == 0)
  }

  @Test func helloSaysHowGoodTheModelIsByItsCard() throws {
    let card = try LoadedModel(path: Repository.model).card
    let claimed = try #require(card["provenance"]?["accuracy"]?.object?.members)
    let daemon = try RunningDaemon(["--device", "NoSuchCard"])
    let model = try #require(try EventReader(daemon.socket).next()?["model"])
    let figures = try #require(model["accuracy"]?.object?.members)
    #expect(figures.count == min(16, claimed.count))
    for (figure, claim) in zip(figures, claimed) {
      #expect(figure.key == claim.key)
      let percent = try #require(claim.value["accuracy"]?.number)
      #expect(abs((figure.value.number ?? 0) - percent / 100) < 0.000_051)
    }
    #expect(daemon.terminate().status == 0)
  }

  @Test func aCardThatIsUnpluggedIsSaidToBeLostAndTheDaemonGoesOn() throws {
    let microphone = try PacedMicrophone(playing: speech.file(), ["unplug_at", "24000"])
    let daemon = try RunningDaemon(["--device", "pcm:mic"], hearing: microphone)
    let lines = try daemon.client().read(until: "the loss") { $0.isDevice("lost") }
    #expect(lines.contains { $0.isDevice("running") })
    #expect(lines.last?["reason"]?.string != nil)
    #expect(lines.last?["message"]?.string?.contains("pcm:mic") == true)
    #expect(daemon.terminate().status == 0)
  }
}
