import Foundation
import JSON
import TestSupport
import Testing

/// `edgectl classify` beside the daemon, both over the same recordings.
@Suite(.waiting) struct ClassifyTests {
  private let tools = Program(name: "edgectl-tools")
  private let speech = Speech()
  /// Long and unpleasant enough for a state that stands as it ends.
  private let complaint = """
    I have been waiting for an hour, and nobody has told me anything. This is not what I was promised, \
    and I am really very angry about it.
    """

  /// What is said of speech, without what depends on when and of which stream it was said.
  private func content(_ events: [JSONValue]) -> [String] {
    let changing = ["run", "seq", "stream", "time", "mono_ms", "latency_ms"]
    let types = ["speech_start", "emotion", "speech_end", "state", "alert"]
    return events.filter { $0["seq"] != nil && types.contains($0.type) }.map { event in
      let members = event.object!.members.filter { !changing.contains($0.key) }
      return "\(JSONValue.object(JSONObject(members)))"
    }
  }

  private func published(_ clip: String) throws -> [String] {
    let daemon = try RunningDaemon(["--device", "wav-fast:\(clip)"])
    let lines = try daemon.client().read(until: "the end", within: 30) {
      $0["reason"]?.string == "ended"
    }
    #expect(daemon.terminate().status == 0, "\(daemon.log)")
    return content(lines)
  }

  private func classified(_ clips: String...) throws -> [JSONValue] {
    let outcome = try tools.run(["classify", "-m", Repository.model] + clips)
    #expect(outcome.status == 0, "\(outcome.error)")
    return try outcome.lines.map { try JSONValue(parsing: Array($0.utf8)) }
  }

  @Test(arguments: [(16, 16_000), (16, 48_000), (24, 16_000), (24, 44_100), (32, 48_000)])
  func saysWhatTheDaemonPublishesOfARecordingOfAnyDepth(bits: Int, rate: Int) throws {
    let clip = try speech.file(
      complaint, format: ["-r", "\(rate)", "-b", "\(bits)", "-c", "1", "-t", "wavpcm"])
    let expected = try published(clip)
    #expect(!expected.isEmpty)
    #expect(try content(classified(clip)) == expected)
  }

  @Test func saysThatARecordingIsTooLoud() throws {
    let clip = try speech.file(complaint)
    let own = try tools.run(["classify", "-m", Repository.model, clip])
    #expect(own.status == 0 && own.error == "", "\(own.error)")
    let recording = try speech.tooLoud(clip)
    let loud = try tools.run(["classify", "-m", Repository.model, recording])
    #expect(loud.status == 0)
    #expect(
      loud.error.contains("\(recording) is too loud, its peaks cut at full scale"), "\(loud.error)")
  }

  @Test func aStateEndsWithItsRecordingAndBeforeTheNext() throws {
    let clip = try speech.file(complaint)
    let events = try classified(clip, clip)
    let phases = events.filter { $0.type == "state" }.compactMap { $0["phase"]?.string }
    #expect(phases == ["start", "end", "start", "end"])
    let half = events.count / 2
    #expect(content(Array(events[..<half])) == content(Array(events[half...])))
  }
}
