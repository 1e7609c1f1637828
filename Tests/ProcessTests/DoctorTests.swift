import Foundation
import JSON
import SoundDevices
import TestSupport
import Testing

@testable import edgectl

/// `edgectl doctor`, on the real daemon and an ALSA device with a mixer.
@Suite(.waiting) struct DoctorTests {
  private let speech = Speech()

  /// A daemon that hears somebody speaking through a mixer set as told.
  private func daemon(_ mixer: [String] = []) throws -> (RunningDaemon, [String: String]) {
    let long = try speech.repeated(speech.file(), 6)
    let microphone = try PacedMicrophone(playing: long, mixer: mixer)
    let daemon = try RunningDaemon(
      configuration: stream(hears: "pcm:mic"), hearing: microphone,
      isControlled: true)
    try daemon.client().read(until: "speech_start", within: 20)
    return (daemon, microphone.environment)
  }

  /// What is found, by what was looked at, and the exit status.
  private func examine(
    _ socket: String, _ control: String, _ environment: [String: String] = [:],
    _ arguments: String...
  ) throws -> (status: Int32, findings: [String: (verdict: String, message: String)]) {
    let variables = environment.map { "\($0)=\($1)" }
    let outcome = try Program.run(
      Program.onPath("env"),
      variables + [
        Program.folder.appending(path: "edgectl").path, "doctor", "--json", "--socket", socket,
        "--control-socket", control,
      ] + arguments)
    var findings: [String: (String, String)] = [:]
    for line in outcome.lines {
      let finding = try JSONValue(parsing: Array(line.utf8))
      let check = try #require(finding["check"]?.string)
      findings[check] = (
        try #require(finding["verdict"]?.string), try #require(finding["message"]?.string)
      )
    }
    return (outcome.status, findings)
  }

  @Test func ofADaemonThatHearsItFindsNothingBad() throws {
    let (daemon, environment) = try daemon()
    let (status, findings) = try examine(daemon.socket, daemon.controlSocket, environment)
    #expect(status == 0, "\(findings)")
    for check in ["socket", "model", "stream", "absences", "losses", "mixer", "level"] {
      #expect(findings[check]?.verdict == "ok", "\(check): \(findings[check] as Any)")
    }
    #expect(findings["mixer"]?.message == "“Mic” of mic is on, at 60 %")
    #expect(findings["stream"]?.message == "main: pcm:mic runs at 16000 Hz")
    #expect(findings["level"]?.message.contains("dBFS, peak") == true)
    // There is no card in this, only a PCM: worth knowing, and nothing is wrong.
    #expect(["ok", "note"].contains(findings["cards"]?.verdict))
    #expect(findings["unit"]?.verdict == "skipped")
    let people = try Program.run(
      Program.onPath("env"),
      environment.map { "\($0)=\($1)" } + [
        Program.folder.appending(path: "edgectl").path, "doctor", "--socket", daemon.socket,
      ])
    #expect(people.lines.count >= findings.count)
    #expect(people.lines.allSatisfy { $0.contains(/^(ok|note|bad|skipped) +[a-z]+ +./) })
    #expect(daemon.terminate().status == 0)
  }

  @Test(arguments: [
    (["switch", "0"], "is switched off; “amixer -D mic sset 'Mic' cap”"),
    (["volume", "0"], "is at its least gain; “amixer -D mic sset 'Mic' 60%”"),
  ])
  func whatTheMixerHoldsBackIsBad(mixer: [String], sentence: String) throws {
    let (daemon, environment) = try daemon(mixer)
    let (status, findings) = try examine(daemon.socket, daemon.controlSocket, environment)
    #expect(status == 3)
    #expect(findings["mixer"]?.verdict == "bad")
    #expect(findings["mixer"]?.message == "“Mic” of mic \(sentence)")
    #expect(daemon.terminate().status == 0)
  }

  @Test func theMixerOfASharedCardIsThatOfTheCard() throws {
    let microphone = try PacedMicrophone(playing: speech.file())
    // A card by libasound's own names, whose mixer holds sound back, and a PCM without any.
    let more = """
      pcm.!dsnoop { @args [ CARD DEV ] @args.CARD { type string } @args.DEV { type integer default 0 } type paced file "\(microphone.folder.path("mic.s16"))" }
      ctl.!hw { @args [ CARD ] @args.CARD { type string } type paced switch 0 }
      pcm.nomixer { type paced file "\(microphone.folder.path("mic.s16"))" }

      """
    let configuration = try FileHandle(
      forWritingTo: URL(fileURLWithPath: microphone.folder.path("asound.conf")))
    try configuration.seekToEnd()
    try configuration.write(contentsOf: Data(more.utf8))
    for (device, verdict, message) in [
      (
        "dsnoop:CARD=Device,DEV=0", "bad",
        "“Mic” of hw:Device is switched off; “amixer -D hw:Device sset 'Mic' cap”"
      ),
      (
        "pcm:nomixer", "skipped",
        "the mixer of pcm:nomixer cannot be asked by this name; “alsamixer” shows that of its card"
      ),
    ] {
      let daemon = try RunningDaemon(["--device", device], hearing: microphone)
      try daemon.client().read(until: "the state") { $0.isDevice("running") }
      let (_, findings) = try examine(
        daemon.socket, daemon.folder.path("none.sock"), microphone.environment)
      #expect(findings["mixer"]?.verdict == verdict, "\(findings)")
      #expect(findings["mixer"]?.message == message)
      #expect(daemon.terminate().status == 0)
    }
  }

  @Test(
    .enabled(if: OwnMounts.areAllowed),
    arguments: [
      ("0", "ok", "the voltage was never too low"), ("50005", "bad", "the voltage is too low"),
      ("50000", "note", "the voltage was too low"), ("", "skipped", "cannot be read"),
      ("0x0 or so", "skipped", "cannot be read"),
    ])
  func whatTheBoardSaysOfItsPowerIsReadOrSkipped(
    text: String, verdict: String, message: String
  ) throws {
    let outcome = try OwnMounts.run(
      """
      mount -t tmpfs none /sys/devices/platform
      mkdir -p /sys/devices/platform/soc/soc:firmware
      echo '\(text)' > /sys/devices/platform/soc/soc:firmware/get_throttled
      """,
      [
        Program.folder.appending(path: "edgectl").path, "doctor", "--json", "--socket",
        speech.folder.path("none.sock"), "--control-socket", speech.folder.path("none.sock"),
      ])
    let findings = try outcome.lines.map { try JSONValue(parsing: Array($0.utf8)) }
    let power = try #require(findings.first { $0["check"]?.string == "power" }, "\(outcome.error)")
    #expect(power["verdict"]?.string == verdict)
    #expect(power["message"]?.string?.contains(message) == true, "\(power)")
  }

  @Test func aDaemonThatHasGoneIsNotOneThatDoesNotAnswer() throws {
    let path = speech.folder.path("leaving.sock")
    let daemon = try LeavingDaemon(path: path)
    let (status, findings) = try examine(path, speech.folder.path("none.sock"))
    #expect(status == 3)
    #expect(findings["socket"]?.message == "edged has gone from \(path): start it again")
    withExtendedLifetime(daemon) {}
  }

  @Test(arguments: [
    (
      DeviceName.pcm("mic"), "unmute the microphone or raise its gain",
      "lower the microphone's gain"
    ),
    (.wave(path: "call.wav"), "nothing was recorded", "it was recorded so"),
    (.standardInput, "look at what writes it", "lower the gain where it comes from"),
  ]) func onlyAMicrophoneIsToBeMended(device: DeviceName, deaf: String, loud: String) {
    func message(_ level: Double, _ peak: Double) -> String {
      SoundExamination.finding(
        "main", Levels.Reading(level: level, peak: peak), state: "running", device: device
      ).message
    }
    #expect(
      message(-95, -90) == "main: -95.0 dBFS, peak -90.0: not even a room is heard; \(deaf)")
    #expect(message(-12, -0.5) == "main: -12.0 dBFS, peak -0.5: too loud; \(loud)")
    #expect(message(-30, -10) == "main: -30.0 dBFS, peak -10.0")
  }

  @Test func ofADeviceThatIsAwayItSaysWhatTheDaemonSays() throws {
    let daemon = try RunningDaemon(["--device", "NoSuchCard"], isControlled: true)
    let lines = try daemon.client().read(until: "the state") { $0.isDevice("absent") }
    let (status, findings) = try examine(daemon.socket, daemon.controlSocket)
    #expect(status == 3)
    #expect(findings["stream"]?.verdict == "bad")
    let message = try #require(lines.last?["message"]?.string)
    #expect(findings["stream"]?.message == "main: \(message)")
    #expect(findings["level"]?.verdict == "skipped")
    #expect(daemon.terminate().status == 0)
  }

  @Test func lostSoundIsNoted() throws {
    let microphone = try PacedMicrophone(playing: speech.file(), ["xrun_at", "8000"])
    let daemon = try RunningDaemon(["--device", "pcm:mic"], hearing: microphone)
    try daemon.client().read(until: "xrun")
    let (_, findings) = try examine(
      daemon.socket, daemon.folder.path("none.sock"), microphone.environment)
    #expect(findings["losses"]?.verdict == "note")
    #expect(findings["level"]?.verdict == "skipped", "there is no control socket")
    #expect(findings["level"]?.message.contains("--control-socket") == true, "\(findings)")
    #expect(daemon.terminate().status == 0)
  }

  @Test func aDeviceThatComesAndGoesIsNotedWhileItRuns() throws {
    let microphone = try PacedMicrophone(playing: speech.file(), ["unplug_at", "40000"])
    let daemon = try RunningDaemon(["--device", "pcm:mic"], hearing: microphone)
    let client = try daemon.client()
    var losses: [String?] = []
    try client.read(until: "the second return", within: 20) {
      if $0.isDevice("lost") { losses.append($0["time"]?.string) }
      return $0.isDevice("running") && losses.count == 2
    }
    let (_, findings) = try examine(
      daemon.socket, daemon.folder.path("none.sock"), microphone.environment)
    #expect(findings["stream"]?.verdict == "ok")
    #expect(findings["absences"]?.verdict == "note")
    let message = try #require(findings["absences"]?.message)
    // It may have been lost again before it was asked.
    while let line = try client.next(within: 0.1) {
      if line.isDevice("lost") { losses.append(line["time"]?.string) }
    }
    let said = (2...losses.count).filter { message.contains("lost \($0) times") }
    let count = try #require(said.first, "\(message)")
    #expect(try message.contains("at \(#require(losses[count - 1])), of main;"), "\(message)")
    #expect(daemon.terminate().status == 0)
  }

  @Test(arguments: [
    (["running", "lost", "running", "lost", "running"], 2),
    (["running", "lost", "busy", "lost", "denied", "lost", "running"], 1),
    (["lost", "opening", "running"], 1),
    (["opening", "silent", "lost"], 1),
    (["absent", "opening", "busy"], 0),
  ])
  func oneAbsenceIsCountedOnce(states: [String], count: Int) throws {
    // Of another stream nothing is heard but that it runs.
    let lines = try states.flatMap { state in
      try [("main", state), ("other", "running")].map { stream, state in
        try #require(
          JSONValue(
            parsing: Array(
              #"{"type":"device","stream":"\#(stream)","state":"\#(state)"}"#.utf8)
          ).object)
      }
    }
    #expect(DaemonExamination.losses(among: lines).count == count)
  }

  @Test func aConfigurationThatIsNamedIsChecked() throws {
    let nowhere = speech.folder.path("none.sock")
    let environment = ["PATH": "\(Program.folder.path):/usr/bin:/bin"]
    let path = try speech.folder.file("mine.toml", "model = \"\(Repository.model)\"\n")
    let (_, good) = try examine(nowhere, nowhere, environment, "--config", path)
    #expect(good["configuration"]?.verdict == "ok", "\(good)")
    #expect(good["configuration"]?.message.hasPrefix("\(path): good") == true, "\(good)")
    try speech.folder.file("mine.toml", "modle = 1\n")
    let (status, bad) = try examine(nowhere, nowhere, environment, "--config", path)
    #expect(status == 3)
    #expect(bad["configuration"]?.verdict == "bad", "\(bad)")
    #expect(bad["unit"]?.verdict == "skipped", "\(bad)")
  }

  @Test func withoutADaemonItSaysSoAndLooksAtTheRest() throws {
    let nowhere = speech.folder.path("none.sock")
    let (status, findings) = try examine(nowhere, nowhere)
    #expect(status == 3)
    #expect(findings["socket"]?.verdict == "bad")
    #expect(findings["socket"]?.message.contains("there is no socket \(nowhere)") == true)
    #expect(findings["cards"] != nil && findings["power"] != nil)
    #expect(findings["model"]?.verdict == "skipped")
  }
}
