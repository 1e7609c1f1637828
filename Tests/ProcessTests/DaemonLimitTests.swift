import Foundation
import JSON
import Testing

/// The daemon where something gives way that it has no power over: a driver that hangs, memory that
/// may not be locked.
@Suite(.serialized) struct DaemonLimitTests {
  private let speech = Speech()

  @Test func aPauseIsRememberedAlsoWhenTheDeviceHangs() throws {
    let systemd = try NotifySocket()
    let microphone = try PacedMicrophone(playing: speech.file(), ["stall_at", "8000"])
    let daemon = try RunningDaemon(
      ["--control-socket", "{folder}/control.sock"],
      configuration: "[stream.main]\ndevice = \"pcm:mic\"\n",
      environment: microphone.environment.merging(systemd.environment) { $1 },
      keeping: microphone.folder)
    try daemon.client().read(until: "the device") { $0.isDevice("running") }
    usleep(1_500_000)
    try EventReader(daemon.folder.path("control.sock")).send("{\"cmd\":\"pause\"}\n")
    #expect(systemd.hears("FDSTORE=1", within: 5))
    // It waits for the driver and can do nothing else: systemd would end it.
    daemon.send(SIGKILL)
    #expect(daemon.waitForEnd().status == SIGKILL)
  }

  @Test func anotherFaultWithinTheSameMinuteIsLoggedAsWell() throws {
    let clip = try speech.file()
    let daemon = try RunningDaemon(configuration: "[stream.main]\ndevice = \"wav-fast:\(clip)\"\n")
    let client = try daemon.client()
    try client.read(until: "the end") { $0["reason"]?.string == "ended" }
    try daemon.configure("[stream.main]\ndevice = \"NoSuchCard\"\n")
    daemon.send(SIGHUP)
    try client.read(until: "the other fault") { $0["reason"]?.string == "not_there" }
    #expect(daemon.terminate().status == 0)
    #expect(daemon.log.contains { $0.contains("has come to its end") })
    #expect(daemon.log.contains { $0.contains("NoSuchCard is not there") }, "\(daemon.log)")
  }
}
