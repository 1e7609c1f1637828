import Foundation
import JSON
import TestSupport
import Testing

/// The daemon on a real ALSA device that fails: what it publishes and logs, and how often at most.
@Suite(.waiting) struct DaemonFaultTests {
  private let speech = Speech()

  /// A daemon on the paced microphone, which plays speech as often as told and has `faults`.
  private func daemon(_ faults: [String], repeating count: Int = 3) throws -> RunningDaemon {
    let long = try speech.repeated(speech.file(), count)
    return try RunningDaemon(
      ["--device", "pcm:mic"], hearing: PacedMicrophone(playing: long, faults))
  }

  /// The interim results of `lines`: a final one may come from a loss, long after its sound.
  private func interim(_ lines: [JSONValue]) -> [JSONValue] {
    lines.filter { $0["final"]?.bool == false }
  }

  @Test func aReaderThatComesTooLateOverrunsTheCardAndTimeStaysTrue() throws {
    let daemon = try daemon([], repeating: 4)
    let client = try daemon.client()
    let before = try client.read(until: "emotion", within: 20)
    daemon.send(SIGSTOP)
    usleep(1_500_000)
    daemon.send(SIGCONT)
    let loss = try client.read(until: "the loss") { $0.type == "xrun" }
    let lost = try #require(loss.last?["lost_ms"]?.integer)
    #expect((900...2500).contains(lost), "1500 ms of which the buffer holds 520")
    let after = try client.read(until: "what is said after it", within: 20) {
      $0.type == "emotion" && $0["final"]?.bool == true
    }
    expectTrueTime(interim(before), interim(after))
    let said = daemon.log.filter { $0.contains("ms of sound are lost") }
    #expect(said.count == 1)
    #expect(said.first?.contains("the capture thread came too late") == true)
    #expect(daemon.terminate().status == 0)
  }

  @Test func anOverrunIsPublishedAndTimeStaysTrue() throws {
    let daemon = try daemon(["xrun_at", "32000"])
    let client = try daemon.client()
    let before = try client.read(until: "the loss") { $0.type == "xrun" }
    #expect((before.last?["lost_ms"]?.integer).map { (0...200).contains($0) } == true)
    let after = try client.read(until: "what is said after it", within: 20) {
      $0.type == "emotion" && $0["final"]?.bool == true
    }
    expectTrueTime(interim(before), interim(after))
    let said = daemon.log.filter { $0.contains("ms of sound are lost") }
    #expect(said.count == 1, "\(said)")
    #expect(daemon.terminate().status == 0)
  }

  @Test func aCardThatIsPulledOutAndPutBackGoesOnAndTimeStaysTrue() throws {
    let daemon = try daemon(["unplug_at", "40000"])
    let client = try daemon.client()
    var losses = 0
    var lines = try client.read(until: "the second loss", within: 20) {
      losses += $0.isDevice("lost") ? 1 : 0
      return losses == 2
    }
    lines += try client.read(until: "the third start", within: 20) { $0.isDevice("running") }
    let states = lines.filter { $0.type == "device" }.compactMap { $0["state"]?.string }
    #expect(states.starts(with: ["opening", "running", "lost", "running", "lost"]), "\(states)")
    #expect(lines.contains { $0.isDevice("lost") && $0["reason"]?.string == "disconnected" })
    #expect(!lines.contains { $0.type == "xrun" }, "an absence is told by states")
    let starts = lines.compactMap { $0.type == "speech_start" ? $0["start_ms"]?.integer : nil }
    #expect(starts.count >= 2 && zip(starts, starts.dropFirst()).allSatisfy { $1 - $0 >= 2400 })
    let pulled = try #require(lines.firstIndex { $0.isDevice("lost") })
    expectTrueTime(interim(Array(lines[..<pulled])), interim(Array(lines[pulled...])))
    #expect(daemon.terminate().status == 0)
  }

  @Test func aCardThatFailsAgainAndAgainFillsNeitherTheLogNorTheProcessor() throws {
    let daemon = try daemon(["unplug_at", "1600"])
    let client = try daemon.client()
    try client.read(until: "the first loss") { $0.isDevice("lost") }
    let before = try daemon.processorTime()
    let start = Date()
    var lines: [JSONValue] = []
    while Date().timeIntervalSince(start) < 6, let line = try client.next(within: 6) {
      lines.append(line)
    }
    let states = lines.filter { $0.type == "device" }
    #expect(states.count >= 2)
    #expect(states.count <= 16, "the waits between attempts double")
    #expect(daemon.log.count { $0.contains("went away") } == 1, "\(daemon.log)")
    #expect(daemon.log.count { $0.contains("its device runs") } == 1, "\(daemon.log)")
    #expect(try daemon.processorTime() - before < 0.6)
    #expect(daemon.terminate().status == 0)
  }

  @Test func aDeviceWithoutAClockIsNotReadForAWholeProcessor() throws {
    let daemon = try RunningDaemon(["--device", "pcm:null"])
    let client = try daemon.client()
    let lost = try client.read(until: "its loss") { $0.isDevice("lost") }
    #expect(lost.last?["reason"]?.string == "no_clock")
    let before = try daemon.processorTime()
    let start = Date()
    var lines = lost
    while Date().timeIntervalSince(start) < 6, let line = try client.next(within: 6) {
      lines.append(line)
    }
    #expect(try daemon.processorTime() - before < 0.6)
    let told = lines.compactMap { $0.type == "xrun" ? $0["lost_ms"]?.integer : nil }
    #expect(told.reduce(0, +) < 7000, "no more than passed: \(told)")
    #expect(daemon.log.count { $0.contains("faster than time passes; it is no microphone") } == 1)
    #expect(daemon.terminate().status == 0)
  }

  @Test(arguments: [44_100, 48_000]) func aCardWithAnotherRateIsResampled(rate: Int) throws {
    let daemon = try daemon(["rate", "\(rate)"], repeating: 1)
    let lines = try daemon.client().read(until: "speech_end", within: 20)
    #expect(lines.contains { $0.type == "emotion" && $0["final"]?.bool == true })
    let hello = try #require(try EventReader(daemon.socket).next())
    #expect(hello["streams"]?.array?.first?["rate_hz"]?.integer == rate)
    #expect(daemon.terminate().status == 0)
  }

  @Test func aMutedMicrophoneIsSaidToBeSilentOnce() throws {
    let zeros = speech.folder.path("zeros.wav")
    try Program.sox(["-D", "-n", "-r", "16000", "-b", "16", zeros, "trim", "0", "13"])
    // Slower than what counts as having no clock: on a busy machine it would come to that.
    let microphone = try PacedMicrophone(playing: zeros, ["speed", "1.5"])
    let daemon = try RunningDaemon(["--device", "pcm:mic"], hearing: microphone)
    let client = try daemon.client()
    let lines = try client.read(until: "silence", within: 20) { $0.isDevice("silent") }
    #expect(lines.last?["reason"]?.string == "digital_silence")
    let more = try client.next(within: 2)
    #expect(more == nil, "it stays silent, and nothing more is said: \(lines) \(daemon.log)")
    #expect(daemon.log.count { $0.contains("is zero; unmute it") } == 1)
    #expect(daemon.terminate().status == 0)
  }
}
