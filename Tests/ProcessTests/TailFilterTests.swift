import Affect
import EventStream
import Foundation
import JSON
import TestSupport
import Testing

/// Which events `edgectl tail --filter` shows, and which filters it refuses.
@Suite(.waiting) struct TailFilterTests {
  private let tailed = TailedService()
  private var path: String { tailed.path }

  @Test(arguments: [
    (["lost_ms=3"], [3]), (["lost_ms>=4"], [4, 5]), (["lost_ms<=2"], [1, 2]),
    (["stream!=caller"], [5]), (["stream=caller,lost_ms>=2,lost_ms<=3"], [2, 3]),
    (["lost_ms=1", "stream=kiosk"], [1, 5]), (["label=angry"], []), (["lost_ms=2.0"], [2]),
    (["type=xrun,lost_ms!=3"], [1, 2, 4, 5]),
    (["time>=2020-01-01,time!=1999-12-31"], [1, 2, 3, 4, 5]),
    (["time<=1999-12-31T23:59"], []), (["time>=2020-02-29T23:59:59Z"], [1, 2, 3, 4, 5]),
    (["scores.angry>=0"], []),
  ])
  func filterPasses(filters: [String], expected: [Int]) throws {
    let arguments = ["-n", "5", "--timeout", "1"] + filters.flatMap { ["--filter", $0] }
    let (losses, status) = try tailed.shown(arguments)
    #expect(status == 0)
    #expect(losses == expected)
  }

  @Test(arguments: [("2", [3, 4]), ("1", [4]), ("4", [1, 2, 3, 4]), ("100", [1, 2, 3, 4])])
  func theLastEventsAreCountedAmongThoseThatPass(count: String, expected: [Int]) throws {
    let arguments = ["-n", count, "--timeout", "1", "--filter", "stream=caller"]
    #expect(try tailed.shown(arguments).losses == expected)
    // What comes later is shown as it comes.
    let service = try tailed.service(holding: TailedService.fiveLosses)
    let program = try tailed.tail(
      "-n", count, "--filter", "stream=caller", "--count", "\(expected.count + 2)")
    program.wait(forLines: expected.count)
    service.publish(
      EventService.losses(6...6) + [Event(stream: "kiosk", .xrun(Xrun(lostMs: 7)))]
        + EventService.losses(8...8))
    #expect(program.status() == 0)
    #expect(tailed.losses(program) == expected + [6, 8])
    service.end()
  }

  @Test func aScoreCanBeFilteredBy() throws {
    let finding = Judgement(
      SegmentResult(
        segment: 1, startMs: 0, endMs: 900, baseline: 0, classScores: [3_000, 7_000],
        isFinal: true, levelCentibels: -3_000, latencyMs: 40),
      labels: try LabelMap(labels: ["neutral", "angry"]), minimumConfidence: 5_500)
    let service = try tailed.service(holding: [Event(stream: "caller", .emotion(finding))])
    for (filter, count) in [("scores.angry>=0.7", 1), ("scores.neutral>=0.31", 0)] {
      let program = try tailed.tail("-n", "1", "--timeout", "1", "--filter", filter)
      #expect(program.status() == 0)
      #expect(program.lines.count == count, "\(filter)")
    }
    service.end()
  }

  @Test func filtersMayBeSpaced() throws {
    #expect(
      try tailed.shown(["-n", "5", "--timeout", "1", "--filter", " lost_ms == 3 "]).losses == [3])
    #expect(
      try tailed.shown(["-n", "5", "--timeout", "1", "--filter", "stream = caller , lost_ms >= 3"])
        .losses == [3, 4])
  }

  @Test(arguments: [
    ("type=emotoin", "“emotoin” is no type: write one of speech_start"),
    ("label=angy", "“angy” is no label: write one of neutral"),
    ("lable=angry", "no event has “lable”: they have at_ms"),
    ("confidence>0.5", "“confidence>0.5” does not compare"),
    ("confidence>=high", "“high” is no number"), ("label=", "compared with nothing"),
    ("final=yes", "“yes” is no final: write one of true, false"), ("seq=abc", "“abc” is no number"),
    ("confidence>=60", "no confidence passes “60”: it is from 0 to 1"),
    ("level_dbfs>=3", "it is from -200 to 0"), ("lost_ms<=-1", "it is 0 or more"),
    ("label>=angry", ">= compares numbers and times, and label is neither"),
    ("scores=0.5", "compare one of them, such as scores.angry"),
    ("scores.unknown>=0.5", "no event has “scores.unknown”"), ("run=1", "“1” is no run"),
    ("time>=yesterday", "“yesterday” is no time: write a day or a moment of it in UTC"),
    ("time>=2026-21-11", "“2026-21-11” is no time"),
    ("time<=2026-01-00", "“2026-01-00” is no time"),
    ("time>=2026-02-29", "“2026-02-29” is no time"), ("time>=2026-06-31", "“2026-06-31” is no"),
    ("time>=2026-11-23T3", "“2026-11-23T3” is no time"), ("time>=2026-11-23T25:99", "is no time"),
    ("state=runing", "“runing” is no state: write one of absent"),
  ])
  func aFilterThatNothingPassesIsRefused(filter: String, sentence: String) throws {
    let outcome = try Program(name: "edgectl").run(
      ["tail", "--socket", path, "--filter", filter])
    #expect(outcome.status == 64)
    #expect(outcome.error.contains(sentence), "\(outcome.error)")
  }

  /// A member that is missing here cannot be filtered by: add it to `EventMember.all`.
  @Test func everyMemberOfAnEventCanBeFilteredBy() throws {
    let schema = try JSONValue(
      parsing: Array(
        Data(contentsOf: Repository.root.appending(path: "docs/events.schema.json"))))
    var members: Set<String> = []
    func collect(_ name: String) {
      let definition = schema["$defs"]?[name]
      members.formUnion(definition?["properties"]?.object?.members.map(\.key) ?? [])
      let parents = (definition?["allOf"]?.array ?? []) + [definition].compactMap { $0 }
      for parent in parents.compactMap({ $0["$ref"]?.string }) {
        collect(String(parent.split(separator: "/").last!))
      }
    }
    for name in ["line"] + EventType.allCases.map(\.rawValue) { collect(name) }
    #expect(members.count > 20)
    let values = [
      "final": "true", "synced": "false", "type": "emotion", "label": "unknown", "phase": "firing",
      "state": "rejected", "run": "\(TailedService.run)", "time": "2026-11-21T04:55:24.265Z",
      "old": "2024-02-29", "new": "2026-11-21T04", "confidence": "0.5",
    ]
    for member in members.sorted() {
      let name = member == "scores" ? "scores.surprise" : member
      let value = values[member] ?? (member == "level_dbfs" ? "-30.5" : "1")
      let outcome = try Program(name: "edgectl").run(
        ["tail", "--socket", path, "--filter", "\(name)=\(value)"])
      #expect(outcome.status == 1, "\(outcome.error)")
    }
  }
}
