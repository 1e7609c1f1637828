import Foundation
import TestSupport
import Testing

/// `edgectl setup`, on the real daemon.
@Suite(.waiting) struct SetupTests {
  private let speech = Speech()

  @Test func aMicrophoneIsTakenIntoServiceAndSomebodyHeard() throws {
    let daemon = try RunningDaemon.thatCouldHear(speech.repeated(speech.file(), 6))
    let outcome = try daemon.setUp("--device", "pcm:mic")
    #expect(outcome.status == 0, "\(outcome.error)")
    #expect(outcome.lines.count == 4, "\(outcome.output)")
    #expect(outcome.lines[0] == "\(daemon.dropIn): stream main hears pcm:mic")
    #expect(outcome.lines[1] == "main: pcm:mic runs")
    #expect(outcome.lines[2].contains("dBFS, peak"))
    #expect(outcome.lines[3] == "main: somebody speaks; it is done")
    let hello = try #require(try EventReader(daemon.socket).next())
    #expect(hello["streams"]?.array?.first?["device"]?.string == "pcm:mic")
    // Once more changes nothing, and is as good.
    let again = try daemon.setUp("--device", "pcm:mic", "--wait", "0")
    #expect(again.status == 0, "\(again.error)")
    #expect(again.lines[..<2] == outcome.lines[..<2], "\(again.output)")
    #expect(try daemon.writtenDropIn().contains("pcm:mic"))
    let attributes = try FileManager.default.attributesOfItem(atPath: daemon.dropIn)
    #expect(attributes[.posixPermissions] as? Int == 0o644)
    #expect(daemon.terminate().status == 0)
  }

  @Test func theDaemonsUserCanReadItWhateverTheMaskForNewFiles() throws {
    let daemon = try RunningDaemon.thatCouldHear(speech.file())
    let edgectl = Program.folder.appending(path: "edgectl").path
    let outcome = try Program.run(
      URL(fileURLWithPath: "/bin/sh"),
      ["-c", "umask 077; exec \"$@\"", "sh", edgectl] + daemon.setupWords()
        + ["--yes", "--device", "pcm:mic", "--wait", "0"])
    #expect(outcome.status == 0, "\(outcome.error)")
    for (path, permissions) in [(daemon.folder.path("edged.d"), 0o755), (daemon.dropIn, 0o644)] {
      let attributes = try FileManager.default.attributesOfItem(atPath: path)
      #expect(attributes[.posixPermissions] as? Int == permissions, "\(path)")
    }
    #expect(daemon.terminate().status == 0)
  }

  @Test func oneStreamAfterTheOtherIsSetUp() throws {
    let daemon = try RunningDaemon(
      configuration: stream("desk", hears: "NoSuchCard") + stream("guest", hears: "NoSuchCard"),
      hearing: PacedMicrophone(playing: speech.file()), isControlled: true)
    try daemon.client().read(until: "the state") {
      $0["stream"]?.string == "guest" && $0.isDevice("absent")
    }
    try daemon.addDropIn(
      "# mine\n[stream.desk] # in front\n  device=\"None\"\nrole = \"agent\"\n",
      as: "50-setup.toml")
    for (stream, device) in [("guest", "pcm:mic"), ("desk", "pcm:mic"), ("guest", "plug:mic")] {
      let outcome = try daemon.setUp("--stream", stream, "--device", device, "--wait", "0")
      #expect(outcome.status == 0, "\(outcome.output)\(outcome.error)")
    }
    let expected = """
      # mine
      [stream.desk] # in front
      device = "pcm:mic"
      role = "agent"

      [stream."guest"]
      device = "plug:mic"

      """
    #expect(try daemon.writtenDropIn() == expected)
    let served = try #require(try EventReader(daemon.socket).next()?["streams"]?.array)
    #expect(served.map { $0["device"]?.string } == ["pcm:mic", "plug:mic"])
    #expect(served.map { $0["role"]?.string } == ["agent", "caller"])
    #expect(daemon.terminate().status == 0)
  }

  @Test func whoSpeaksAlreadyIsHeard() throws {
    let daemon = try RunningDaemon.thatCouldHear(endlessSpeech())
    let client = try daemon.client()
    #expect(try daemon.setUp("--device", "pcm:mic", "--wait", "0").status == 0)
    try client.read(until: "a segment that goes on") {
      $0["type"]?.string == "emotion" && $0["final"]?.bool == false
    }
    let outcome = try daemon.setUp("--device", "pcm:mic", "--wait", "8")
    #expect(outcome.status == 0, "\(outcome.output)\(outcome.error)")
    #expect(outcome.lines.last == "main: somebody speaks; it is done")
    #expect(daemon.terminate().status == 0)
  }

  /// Speech without a pause at which a segment could end.
  private func endlessSpeech() throws -> String {
    let endless = speech.folder.path("endless.wav")
    let clip = try speech.file()
    try Program.sox(
      ["-R"] + Array(repeating: clip, count: 30)
        + [endless, "silence", "1", "0.02", "3%", "-1", "0.02", "3%"])
    return endless
  }

  @Test func whereNobodySpeaksItSaysSo() throws {
    let daemon = try RunningDaemon.thatCouldHear(speech.quietRoom())
    let outcome = try daemon.setUp("--device", "pcm:mic", "--wait", "1")
    #expect(outcome.status == 3, "\(outcome.output)\(outcome.error)")
    #expect(outcome.error.contains("nobody was heard"))
    #expect(daemon.terminate().status == 0)
  }

  @Test func afterADeviceThatFailedTheNextOneIsTried() throws {
    let daemon = try RunningDaemon.thatCouldHear(speech.file())
    #expect(try daemon.setUp("--device", "pcm:mic", "--wait", "0").status == 0)
    #expect(try daemon.setUp("--device", "pcm:none", "--wait", "1").status == 1)
    let outcome = try daemon.setUp("--device", "pcm:mic", "--wait", "0")
    #expect(outcome.status == 0, "\(outcome.output)\(outcome.error)")
    #expect(daemon.terminate().status == 0)
  }

  @Test func whatALaterDropInSaysHolds() throws {
    let daemon = try RunningDaemon.thatCouldHear(speech.repeated(speech.file(), 6))
    try daemon.addDropIn(stream(hears: "NoSuchCard"))
    let outcome = try daemon.setUp("--device", "pcm:mic")
    #expect(outcome.status == 1, "\(outcome.output)")
    #expect(outcome.error.contains("a drop-in after this one says so"), "\(outcome.error)")
    #expect(daemon.terminate().status == 0)
  }
}
