import Affect
import EventStream
import Foundation
import TestSupport
import Testing

/// What is drawn on terminals that are narrow, or that obey no escape sequences.
@Suite(.waiting) struct TerminalTests {
  private let speech = Speech()
  private let tailed = TailedService()
  private let edgectl = "'\(Program.folder.path)/edgectl'"

  /// A daemon to which a microphone plays what is too loud, for three streams, the last of which
  /// hears another one that is not there.
  private func daemonThatHearsNoise() throws -> RunningDaemon {
    let sine = speech.folder.path("sine.wav")
    try Program.sox(["-n", "-r", "16000", "-b", "16", sine, "synth", "60", "sine", "440"])
    let daemon = try RunningDaemon(
      configuration: stream(hears: "pcm:mic") + stream("guest-of-the-house", hears: "pcm:mic")
        + stream("phone", hears: "NoSuchCard"),
      hearing: PacedMicrophone(playing: speech.tooLoud(sine)), isControlled: true)
    try daemon.client().read(until: "sound") { $0.isDevice("running") }
    return daemon
  }

  private func meter(_ daemon: RunningDaemon, _ arguments: String) -> String {
    "\(edgectl) meter --socket '\(daemon.controlSocket)' \(arguments)"
  }

  @Test func noLineOfTheMeterIsBroken() throws {
    let daemon = try daemonThatHearsNoise()
    for columns in [120, 80, 60, 30, 20, 10, 1] {
      let shown = try Program.onTerminal(meter(daemon, "--count 2"), columns: columns)
      #expect(shown.status == 0, "\(shown.output)")
      #expect(columns == 1 || shown.rows.count == 6)
      #expect(shown.rows.allSatisfy { $0.count < columns }, "\(columns): \(shown.rows)")
    }
    // What matters most is still said.
    let bars = [100: 40, 80: 37, 60: 17, 51: 8, 50: 0, 30: 0]
    for (columns, bar) in bars {
      let shown = try Program.onTerminal(meter(daemon, "--count 2 main"), columns: columns)
      let row = try #require(shown.rows.last)
      #expect(row.count { "█│·".contains($0) } == bar, "\(columns): \(row)")
      #expect(row.hasPrefix("main  ") && row.hasSuffix("  too loud"), "\(columns): \(row)")
    }
    let elsewhere = try Program(name: "edgectl").run([
      "meter", "--socket", daemon.controlSocket, "--readable", "--count", "1", "main",
    ])
    #expect(elsewhere.output.count { "█│·".contains($0) } == 40, "\(elsewhere.output)")
    #expect(daemon.terminate().status == 0)
  }

  @Test func aWindowThatBecomesNarrowerIsDrawnFor() throws {
    let daemon = try daemonThatHearsNoise()
    let shown = try Program.onTerminal(
      "\(meter(daemon, "--count 20 main")) & sleep 0.8; stty cols 50; wait")
    #expect(shown.rows.first?.count == 79, "\(shown.rows)")
    #expect(try #require(shown.rows.last).count < 50, "\(shown.rows)")
    // Where the terminal does not know it, somebody may have said it.
    let told = try Program.onTerminal(
      "COLUMNS=60 \(meter(daemon, "--count 1 main"))", columns: 0)
    #expect(told.rows.map(\.count) == [59], "\(told.rows)")
    let untold = try Program.onTerminal(meter(daemon, "--count 1 main"), columns: 0)
    #expect(untold.rows.map(\.count) == [79], "\(untold.rows)")
    #expect(daemon.terminate().status == 0)
  }

  @Test func onADumbTerminalTheMeterHasLinesWithoutEscapes() throws {
    let daemon = try daemonThatHearsNoise()
    let shown = try Program.onTerminal(
      meter(daemon, "--count 2 main"), columns: 60, type: "dumb")
    #expect(!shown.output.contains("\u{1b}"), "\(shown.output)")
    #expect(shown.rows.count == 2 && shown.rows.allSatisfy { $0.count < 60 }, "\(shown.rows)")
    #expect(daemon.terminate().status == 0)
  }

  /// An emotion so far, and the last of its segment, of a stream called `name`.
  private func emotions(_ name: String) throws -> [Event] {
    let labels = try LabelMap(labels: ["surprise", "neutral"])
    return [false, true].map { isFinal in
      let result = SegmentResult(
        segment: 1, startMs: 1_000, endMs: 1_500, baseline: 3, classScores: [10_000, 0],
        isFinal: isFinal, levelCentibels: -312, latencyMs: 12)
      return Event(
        stream: name, .emotion(Judgement(result, labels: labels, minimumConfidence: 5_500)))
    }
  }

  @Test func aClockThatIsSetIsShownWithBothTimes() throws {
    let (old, new) = (Timestamp(milliseconds: 9_114), Timestamp(milliseconds: 1_795_236_924_265))
    let service = try tailed.service(holding: [
      Event(.clock(ClockChange(old: old, new: new, isSynced: true))),
      Event(.clock(ClockChange(old: new, new: new, isSynced: false))),
    ])
    defer { service.end() }
    let shown = try Program.onTerminal(
      "\(edgectl) tail --socket '\(tailed.path)' -n 2 --count 2", columns: 160, type: "dumb")
    #expect(
      shown.output.contains(
        "the clock went from 1970-01-01T00:00:09.114Z to 2026-11-21T04:55:24.265Z, it is synchronized"
      ),
      "\(shown.output)")
    #expect(shown.output.contains("the clock: it is not synchronized"), "\(shown.output)")
  }

  @Test func noEmotionOfTailIsBroken() throws {
    let service = try tailed.service(
      holding: emotions("guest-of-the-house") + emotions("caller"))
    defer { service.end() }
    let tail = "\(edgectl) tail --socket '\(tailed.path)' -n 4 --count 4"
    let forms = [
      100: (20, "so far  -31 dBFS"), 80: (20, "so far  -31 dBFS"),
      70: (10, "so far  -31 dBFS"), 60: (0, "so far  -31 dBFS"), 50: (0, ":"), 40: (0, "so far"),
      30: (0, "100 %"), 20: (0, "100 %"),
    ]
    for (columns, (bar, says)) in forms {
      let shown = try Program.onTerminal(tail, columns: columns)
      let rows = shown.rows.filter { $0.contains("%") }
      #expect(rows.count == 4)
      #expect(rows.allSatisfy { $0.count < columns }, "\(columns): \(rows)")
      let row = try #require(rows.dropLast().last)
      #expect(row.count { $0 == "█" } == bar, "\(columns): \(row)")
      #expect(row.contains(says), "\(columns): \(row)")
    }
    let elsewhere = try tailed.tail("--readable", "-n", "4", "--count", "4")
    #expect(elsewhere.status() == 0)
    let bar = String(repeating: "█", count: 20)
    #expect(
      elsewhere.lines.allSatisfy { $0.contains("  surprise  100 %  \(bar)  ") },
      "\(elsewhere.lines)")
  }
}
