import Testing

@testable import Affect

@Suite struct AlertTests {
  private func interpreter(for forMs: Int, keepFiringFor keepMs: Int, share: Int = 5_000)
    -> Interpreter
  {
    Interpreter(
      role: .caller, labels: threeClasses,
      rules: [
        AlertRule(
          name: "anger", emotions: [.angry], share: share, forMs: forMs, keepFiringForMs: keepMs)
      ])
  }

  @Test func goesThroughItsPhasesInOrder() {
    var interpreter = interpreter(for: 2_000, keepFiringFor: 3_000)
    var alerts = speak(to: &interpreter, segment: 1, from: 0, to: 8_000, angry: 9_000).alerts
    #expect(alerts.map(\.phase) == [.pending, .firing])
    #expect(alerts.map(\.heldMs) == [0, 2_000])
    #expect(alerts.allSatisfy { $0.rule == "anger" })
    alerts = interpreter.advance(to: 13_000).alerts
    #expect(
      alerts.isEmpty,
      "the condition fails when the evidence lapses, and the alert stays for a while")
    alerts = interpreter.advance(to: 15_999).alerts
    #expect(alerts.isEmpty)
    alerts = interpreter.advance(to: 16_000).alerts
    #expect(alerts.map(\.phase) == [.resolved])
  }

  @Test func heldTimeEndsWhereTheConditionLastHeld() throws {
    var interpreter = interpreter(for: 0, keepFiringFor: 60_000)
    let firing = speak(to: &interpreter, segment: 1, from: 0, to: 8_000, angry: 9_000).alerts
    #expect(firing.map(\.phase) == [.firing], "without `for` there is nothing to wait for")
    // Six results, each a seventh of the way: 9000·(1 − (6/7)⁶) = 5430 after 3 s of speech. Lapses
    // at 13 s.
    let resolved = try #require(interpreter.advance(to: 73_000).alerts.last)
    #expect(resolved.phase == .resolved)
    #expect(resolved.heldMs == 13_000 - 3_000)
  }

  @Test func aConditionThatFailsTooSoonIsResolvedWithoutFiring() {
    var interpreter = interpreter(for: 4_000, keepFiringFor: 60_000)
    var findings = speak(to: &interpreter, segment: 1, from: 0, to: 3_500, angry: 9_000)
    findings += speak(to: &interpreter, segment: 2, from: 3_500, to: 6_000, angry: 0)
    #expect(findings.alerts.map(\.phase) == [.pending, .resolved])
  }

  @Test func aConditionThatComesBackKeepsTheSameAlertFiring() {
    var interpreter = interpreter(for: 0, keepFiringFor: 10_000)
    var findings = speak(to: &interpreter, segment: 1, from: 0, to: 8_000, angry: 9_000)
    findings += speak(to: &interpreter, segment: 2, from: 8_000, to: 12_000, angry: 0)
    findings += speak(to: &interpreter, segment: 3, from: 12_000, to: 20_000, angry: 9_000)
    #expect(findings.alerts.map(\.phase) == [.firing])
  }

  @Test func comesDueBetweenResults() {
    var interpreter = interpreter(for: 4_000, keepFiringFor: 0)
    #expect(
      speak(to: &interpreter, segment: 1, from: 0, to: 4_000, angry: 9_000).alerts.map(\.phase)
        == [.pending])
    #expect(interpreter.advance(to: 7_000).alerts.map(\.phase) == [.firing])
  }

  @Test func finishingResolvesAtOnce() {
    var interpreter = interpreter(for: 0, keepFiringFor: 60_000)
    _ = speak(to: &interpreter, segment: 1, from: 0, to: 8_000, angry: 9_000)
    #expect(interpreter.finish(at: 8_100).alerts.map(\.phase) == [.resolved])
  }

  @Test func sumsTheEvidenceOfItsEmotions() {
    var interpreter = Interpreter(
      role: .caller, labels: threeClasses,
      rules: [AlertRule(name: "any", emotions: [.angry, .neutral], share: 9_000)])
    let alerts = speak(to: &interpreter, segment: 1, from: 0, to: 20_000, angry: 5_000).alerts
    #expect(alerts.map(\.phase) == [.firing])
  }
}
