import Foundation
import JSON
import TestSupport
import Testing

/// The daemon on a real ALSA device that sleeps, whose poll fails, that gives nothing, or that does
/// not open: some seconds of what `FaultHourTests` has an hour of with a made-up one.
@Suite(.waiting) struct DaemonCardTests {
  /// A failure: fields of the plugin, and what must come of it.
  struct Failure {
    let name: String
    let fields: [String]
    /// The states that are published, all that there are; the last two may come again.
    let states: [String]
    /// The reason of those that have one.
    var reason: String?
    /// What the log says of the stream, each once.
    let says: [String]
    /// Whether sound is lost, again and again.
    var losesSound = false
  }

  private static let runs = "its device runs"
  private static let failures = [
    Failure(
      name: "it sleeps, again and again", fields: ["suspend_at", "16000"],
      states: ["opening", "running"], says: [runs, "ms of sound are lost: the machine slept"],
      losesSound: true),
    Failure(
      name: "it sleeps, and only says that it resumes",
      fields: ["suspend_at", "16000", "resumes", "0"], states: ["opening", "running"],
      says: [runs, "ms of sound are lost: the machine slept"], losesSound: true),
    Failure(
      name: "its poll fails while sound comes", fields: ["errs_at", "8000"],
      states: ["opening", "running"], says: [runs]),
    Failure(
      name: "its poll fails and no sound comes",
      fields: ["errs_at", "8000", "hang_at", "8000", "hang_ms", "1000000000"],
      states: ["opening", "running", "lost"], reason: "read_error",
      says: [runs, "capture device pcm:mic went away; it is used again when it is back"]),
    Failure(
      name: "it starts and never gives anything",
      fields: ["hang_at", "0", "hang_ms", "1000000000"], states: ["opening", "lost"],
      reason: "stalled",
      says: ["capture device pcm:mic went away; it is used again when it is back"]),
    Failure(
      name: "it is busy", fields: ["fails", "\(EBUSY)"], states: ["opening", "busy"],
      reason: "busy", says: ["capture device pcm:mic is in use by another program"]),
    Failure(
      name: "it is denied", fields: ["fails", "\(EACCES)"], states: ["opening", "denied"],
      reason: "permission", says: ["no permission to open capture device pcm:mic"]),
  ]

  /// A failure that goes on in a daemon of its own.
  private final class Trial {
    let failure: Failure
    let daemon: RunningDaemon
    let client: EventReader
    var lines: [JSONValue] = []
    private let start = Date()

    init(_ failure: Failure, playing clip: String) throws {
      self.failure = failure
      let microphone = try PacedMicrophone(playing: clip, ["loop", "1"] + failure.fields)
      daemon = try RunningDaemon(["--device", "pcm:mic"], hearing: microphone)
      client = try daemon.client()
      lines = try client.read(until: failure.name) { $0.isDevice(failure.states[1]) }
    }

    func check() throws {
      while let line = try client.next(within: 0.05) { lines.append(line) }
      let name = Comment(rawValue: "\(failure.name): \(lines) \(daemon.log)")
      let states = lines.filter { $0.type == "device" }
      let told = states.compactMap { $0["state"]?.string }
      #expect(told.prefix(failure.states.count) == failure.states[...], name)
      #expect(Set(told) == Set(failure.states), name)
      // Four times in the first four seconds, and then every five at most.
      let seconds = -start.timeIntervalSinceNow
      let again = told.contains("lost") ? 2 * (4 + Int(seconds / 5)) : 0
      #expect(told.count <= failure.states.count + again, name)
      let reasons = states.compactMap { $0["reason"]?.string }
      #expect(Set(reasons) == Set([failure.reason].compactMap(\.self)), name)
      let losses = lines.filter { $0.type == "xrun" }
      #expect(losses.isEmpty != failure.losesSound, name)
      // Once a second, and whatever is published carries the time at which that was decided.
      let isSeldom = zip(losses, losses.dropFirst()).allSatisfy { first, second in
        (second["mono_ms"]?.integer ?? 0) - (first["mono_ms"]?.integer ?? 0) >= 1000
      }
      #expect(isSeldom, name)
      let times = lines.map { $0["mono_ms"]?.integer ?? 0 }
      #expect(times == times.sorted(), name)
      let said = daemon.log.filter { $0.contains("stream main: ") }
      #expect(said.count == failure.says.count, name)
      for sentence in failure.says { #expect(said.count { $0.contains(sentence) } == 1, name) }
      #expect(try daemon.processorTime() < 0.1 + 0.1 * seconds, name)
      #expect(daemon.terminate().status == 0, name)
    }
  }

  /// All at the same time, or it would take half a minute.
  @Test func eachIsToldOnceAndBurnsNoProcessor() throws {
    let folder = TemporaryFolder()
    let clip = folder.path("clip.wav")
    try Program.sox(
      ["-R", "-D", "-n", "-r", "16000", "-b", "16", "-c", "1", clip]
        + ["synth", "2", "pinknoise", "vol", "0.01"])
    let trials = try Self.failures.map { try Trial($0, playing: clip) }
    sleep(3)
    for trial in trials { try trial.check() }
  }
}
