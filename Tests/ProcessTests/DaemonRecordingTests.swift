import Foundation
import JSON
import TestSupport
import Testing

/// The daemon as it is run: recordings in place of a microphone, good and bad.
@Suite(.waiting) struct DaemonRecordingTests {
  private let input = DaemonInput()
  private let speech = Speech()

  @Test(arguments: [0, 0x7FFF_F024, 0xFFFF_FFFF])
  func aRecordingOfOpenLengthIsWhole(length: Int) throws {
    let bytes = wave(data: [UInt8](repeating: 1, count: 3200), length: length)
    let path = try input.file("open-\(length).wav", bytes)
    let outcome = try input.check("", ["--device", "wav:\(path)"])
    #expect(outcome.status == 0, "\(outcome.error)")
    #expect(outcome.error == "")
  }

  @Test(arguments: [
    ("missing.wav", nil, "cannot be opened"),
    ("text.wav", Array("hello".utf8), "is not a WAV file"),
    ("empty.wav", wave(data: []), "has no samples"),
    ("odd.wav", wave(rate: 12_345, data: [1, 0, 2, 0]), "has a rate of 12345 Hz"),
    ("float.wav", wave(bits: 32, tag: 3, data: [0, 0, 0, 0]), "has WAV encoding 3"),
  ])
  func theCheckAndTheStartRefuseABadRecording(
    name: String, bytes: [UInt8]?, sentence: String
  ) throws {
    let path = try bytes.map { try input.file(name, $0) } ?? input.path(name)
    let line = try input.refusedByBoth(["--device", "wav:\(path)"])
    #expect(line.contains("--device: stream main: \(path): \(sentence)"), "\(line)")
  }

  @Test(arguments: [
    ("rate = 48000", "it has 16000 Hz, 48000 was asked for"),
    ("channel = 1", "has 1 channel, channel 1 was asked for"),
  ])
  func theCheckAndTheStartRefuseWhatARecordingDoesNotHave(key: String, sentence: String) throws {
    let path = try input.file("mono.wav", wave(data: [UInt8](repeating: 1, count: 3200)))
    let line = try input.refusedByBoth(
      configuration: stream(hears: "wav:\(path)") + "\(key)\n")
    #expect(line.contains(sentence), "\(line)")
    #expect(line.contains(".toml:2: stream main: "), "\(line)")
  }

  @Test func aRecordingThatGoesAwayDuringAPauseIsAStateOfTheDevice() throws {
    let path = try input.file("call.wav", wave(data: [UInt8](repeating: 1, count: 320_000)))
    let daemon = try RunningDaemon(["--device", "wav:\(path)"], isControlled: true)
    let client = try daemon.client()
    let control = ["--socket", daemon.controlSocket]
    #expect(try Program(name: "edgectl").run(["pause"] + control).status == 0)
    try client.read(until: "the pause") { $0.isDevice("paused") }
    try FileManager.default.removeItem(atPath: path)
    _ = try Program(name: "edgectl").run(["resume"] + control)
    let lines = try client.read(until: "the state") { $0.isDevice("absent") }
    #expect(lines.last?["reason"]?.string == "bad_file")
    #expect(lines.last?["message"]?.string?.contains("cannot be opened") == true)
    #expect(daemon.terminate().status == 0)
  }

  @Test func aRecordingOnStandardInputIsNotTakenForSamples() throws {
    let daemon = try RunningDaemon(["--device", "stdin"], input: speech.file())
    let lines = try daemon.client().read(until: "the state") { $0.isDevice("absent") }
    #expect(lines.last?["reason"]?.string == "bad_file")
    #expect(
      lines.last?["message"]?.string?.hasPrefix("stdin: is a WAV file, and") == true,
      "\(lines.last!)")
    #expect(!lines.contains { $0.isDevice("running") || $0.isDevice("lost") })
    #expect(daemon.terminate().status == 0)
  }

  @Test(arguments: [(24, 1, 48_000), (16, 2, 44_100), (32, 1, 16_000), (16, 1, 8000)])
  func aRecordingOfAnotherKindIsHeard(bits: Int, channels: Int, rate: Int) throws {
    let clip = try speech.file(
      format: ["-r", "\(rate)", "-b", "\(bits)", "-c", "\(channels)", "-t", "wavpcm"])
    let daemon = try RunningDaemon(["--device", "wav-fast:\(clip)"])
    let lines = try daemon.client().read(until: "the end") { $0["reason"]?.string == "ended" }
    #expect(lines.contains { $0.type == "speech_end" })
    #expect(lines.last?["message"]?.string == "wav-fast:\(clip) has come to its end")
    #expect(daemon.log.contains { $0.contains("wav-fast:\(clip) has come to its end") })
    #expect(daemon.terminate().status == 0)
  }
}
