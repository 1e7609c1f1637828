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
}
