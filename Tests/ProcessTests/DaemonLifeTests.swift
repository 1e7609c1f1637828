import Foundation
import JSON
import TestSupport
import Testing

/// The daemon as it is run: starting, reloading, ending, and the clients meanwhile.
@Suite(.waiting) struct DaemonLifeTests {
  private let speech = Speech()

  /// A daemon to which somebody speaks at length, and a client that has heard it begin.
  private func spokenTo(
    _ model: String = Repository.model
  ) throws -> (daemon: RunningDaemon, client: EventReader) {
    let clip = try speech.file(
      "I have been waiting for an hour and nobody has told me anything and I will not wait any "
        + "longer because this has gone on for far too long and I am going to complain about it now."
    )
    let daemon = try RunningDaemon(["--device", "wav:\(clip)"], model: model)
    let client = try daemon.client()
    try client.read(until: "speech_start")
    return (daemon, client)
  }

  @Test func withoutAMicrophoneItServesAndSaysSo() throws {
    let daemon = try RunningDaemon(["--device", "NoSuchCard"])
    let client = try daemon.client()
    let lines = try client.read(until: "the device's state") { $0.isDevice("absent") }
    #expect(try EventReader(daemon.socket).next()?.type == "hello")
    #expect(lines.last?["reason"]?.string == "not_there")
    let message = try #require(lines.last?["message"]?.string)
    #expect(message.contains("NoSuchCard") && message.contains("edgectl devices"))
    #expect(daemon.terminate().status == 0)
  }

  @Test func onSIGTERMItSaysWhatItHeardAndEndsWithinASecond() throws {
    let (daemon, client) = try spokenTo()
    usleep(1_500_000)
    let (status, seconds) = daemon.terminate()
    #expect(status == 0)
    #expect(seconds < 1)
    let rest = try client.readToEnd()
    #expect(rest.contains { $0.type == "emotion" && $0["final"]?.bool == true })
    #expect(rest.contains { $0.type == "speech_end" })
    #expect(!FileManager.default.fileExists(atPath: daemon.socket))
  }

  @Test func aCrashEndsItAndShowsNothingOfItsMemory() throws {
    let (daemon, client) = try spokenTo()
    defer { withExtendedLifetime(client) {} }
    let before = daemon.log
    daemon.send(SIGABRT)
    #expect(daemon.waitForEnd().status == SIGABRT)
    #expect(daemon.log == before)
  }

  @Test func aReloadTakesTheNewModelAndLosesNoClient() throws {
    let folder = TemporaryFolder()
    let model = try Repository.copyOfModel(in: folder)
    let (daemon, client) = try spokenTo(model)
    let old = try #require(EventReader(daemon.socket).next()?["model"]?["id"]?.string)
    #expect(rename(try Repository.modelWithAnotherCard(in: folder), model) == 0)
    daemon.send(SIGHUP)
    let loaded = try client.read(until: "the new model") { $0.type == "model" }
    #expect(loaded.contains { $0.type == "config" && $0["state"]?.string == "loaded" })
    #expect(loaded.last?["state"]?.string == "loaded")
    #expect(loaded.last?["id"]?.string != old)
    // What was open ended with the old model, and what goes on is a new segment, later.
    let ended = try #require(loaded.first { $0.type == "speech_end" })
    let next = try client.read(until: "speech_start")
    #expect(next.last?["segment"]?.integer == ended["segment"]!.integer! + 1)
    #expect(next.last!["start_ms"]!.integer! >= ended["end_ms"]!.integer!)
    #expect(daemon.terminate().status == 0)
  }

  @Test func aBadConfigurationIsRejectedAndTheOldOneServesOn() throws {
    let (daemon, client) = try spokenTo()
    try daemon.reload("[stream.main]\ndevcie = \"x\"\n")
    let lines = try client.read(until: "the rejection") {
      $0.type == "config" && $0["state"]?.string == "rejected"
    }
    #expect(lines.last?["message"]?.string?.contains("edged.toml:2: unknown key `devcie`") == true)
    #expect(lines.last?["reason"]?.string == "unknown_key")
    try client.read(until: "speech_end", within: 20)
    #expect(daemon.log.last { $0.contains("before serves on") }?.contains("refused") == true)
    #expect(!daemon.log.contains { $0.contains("the configuration was read again") })
    #expect(daemon.terminate().status == 0)
  }

  @Test func aBadModelIsRejectedAndTheOldOneServesOn() throws {
    let folder = TemporaryFolder()
    let model = try Repository.copyOfModel(in: folder)
    let (daemon, client) = try spokenTo(model)
    // Overwritten in place and cut short while it serves: a mapped file would end the daemon here.
    let file = try FileHandle(forWritingTo: URL(fileURLWithPath: model))
    try file.write(contentsOf: Data(repeating: 0x55, count: 5000))
    try file.truncate(atOffset: 5000)
    daemon.send(SIGHUP)
    let lines = try client.read(until: "the rejection") {
      $0.type == "model" && $0["state"]?.string == "rejected"
    }
    #expect(lines.last?["message"]?.string?.contains("model.edge") == true)
    let rest = try client.read(until: "speech_end", within: 20)
    #expect(rest.contains { $0.type == "emotion" })
    let end =
      "the configuration was read again, but the model was refused; the one before serves on"
    #expect(daemon.log.contains { $0.hasSuffix(end) }, "\(daemon.log)")
    // Who looks later is told as well, until a reload takes everything.
    let message = try #require(lines.last?["message"]?.string)
    let edgectl = Program(name: "edgectl")
    let status = try edgectl.run(["status", "--socket", daemon.socket])
    #expect(status.status == 3)
    #expect(status.output.contains("reload  refused, what was loaded before serves on: \(message)"))
    let doctor = try edgectl.run(["doctor", "--socket", daemon.socket])
    #expect(doctor.status == 3)
    #expect(doctor.lines.contains { $0.hasPrefix("bad") && $0.contains("reload was refused") })
    try FileManager.default.removeItem(atPath: model)
    _ = try Repository.copyOfModel(in: folder)
    daemon.send(SIGHUP)
    try client.read(until: "the reload") { $0.type == "config" }
    let after = try edgectl.run(["status", "--socket", daemon.socket])
    #expect(!after.output.contains("refused"), "\(after.output)")
    #expect(daemon.terminate().status == 0)
  }

  @Test func aRecordingThatIsOverIsSaidToBe() throws {
    let daemon = try RunningDaemon(["--device", "wav-fast:\(speech.file())"])
    try daemon.client().read(until: "the end") { $0["reason"]?.string == "ended" }
    let status = try Program(name: "edgectl").run(["status", "--socket", daemon.socket])
    #expect(status.status == 3)
    #expect(status.output.contains("its recording has come to its end"), "\(status.output)")
    #expect(daemon.terminate().status == 0)
  }

  @Test func aReloadMayAddAndRemoveStreams() throws {
    let clip = try speech.file()
    let one = stream("one", hears: "wav:\(clip)")
    let two = stream("two", hears: "wav:\(clip)")
    let daemon = try RunningDaemon(configuration: one)
    let client = try daemon.client()
    try client.read(until: "stream one") { $0["stream"]?.string == "one" && $0.isDevice("running") }
    try daemon.reload(two)
    try client.read(until: "stream two") { $0["stream"]?.string == "two" && $0.isDevice("running") }
    let rest = try client.read(until: "the end of two", within: 20) {
      $0["stream"]?.string == "two" && $0.type == "speech_end"
    }
    #expect(!rest.contains { $0["stream"]?.string == "one" })
    #expect(daemon.terminate().status == 0)
  }

  @Test func badClientsDisturbNobody() throws {
    let daemon = try RunningDaemon(["--device", "wav:\(speech.file())"])
    let good = try daemon.client()
    let garbage = try EventReader(daemon.socket)
    garbage.send(String(repeating: "\u{0}garbage{", count: 5000) + "\n{\"cmd\":\"nonsense\"}\n")
    let leaves = try EventReader(daemon.socket)
    leaves.send("{\"cmd\":\"sta")
    close(dup(leaves.descriptor))
    shutdown(leaves.descriptor, Int32(SHUT_RDWR))
    let deaf = try EventReader(daemon.socket)
    for _ in 0..<200 { deaf.send("{\"cmd\":\"status\"}\n") }
    try garbage.read(until: "error")
    try good.read(until: "speech_end", within: 20)
    #expect(daemon.terminate().status == 0)
  }
}
