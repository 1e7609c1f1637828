import Testing

@testable import Affect

@Suite struct StateTests {
  private func interpreter(role: Role = .caller, exception: AgentException? = nil) -> Interpreter {
    Interpreter(role: role, exception: exception, labels: threeClasses)
  }

  @Test func aShortExclamationIsNoState() {
    var interpreter = interpreter()
    let findings = speak(to: &interpreter, segment: 1, from: 0, to: 1_000, angry: 10_000)
    #expect(findings.judgements.allSatisfy { $0.label == .angry })
    #expect(findings.states.isEmpty)
    #expect(interpreter.sustained == nil)
  }

  @Test func aStateStartsOnceAndCountsFromWhereTheEmotionLed() {
    var interpreter = interpreter()
    let findings = speak(to: &interpreter, segment: 1, from: 700, to: 20_700, angry: 9_000)
    #expect(findings.states.count == 1)
    #expect(findings.states.first?.phase == .start)
    #expect(findings.states.first?.label == .angry)
    #expect(findings.states.first?.sinceMs == 700)
    #expect(interpreter.sustained?.label == .angry)
  }

  @Test func aStateSurvivesDoubtBetweenTheTwoThresholds() {
    var interpreter = interpreter()
    var findings = speak(to: &interpreter, segment: 1, from: 0, to: 10_000, angry: 9_000)
    // 45 % is below where a state is entered and above where it is left.
    findings += speak(to: &interpreter, segment: 2, from: 10_000, to: 10_500, angry: 4_500)
    #expect(findings.states.count == 1)
    var hesitant = self.interpreter()
    let never = speak(to: &hesitant, segment: 1, from: 0, to: 60_000, angry: 4_500)
    #expect(never.states.filter { $0.label == .angry }.isEmpty)
  }

  @Test func anotherEmotionEndsTheStateBeforeItsOwnStarts() {
    var interpreter = interpreter()
    _ = speak(to: &interpreter, segment: 1, from: 0, to: 10_000, angry: 9_000)
    let findings = speak(to: &interpreter, segment: 2, from: 11_000, to: 21_000, angry: 1_000)
    #expect(findings.states.map(\.phase) == [.end, .start])
    #expect(findings.states.map(\.label) == [.angry, .neutral])
    #expect(findings.states[1].sinceMs > 11_000)
    #expect(findings.states[1].sinceMs < findings.states[1].atMs)
  }

  @Test func silenceEndsAStateWhenTheEvidenceLapses() {
    var interpreter = interpreter()
    _ = speak(to: &interpreter, segment: 1, from: 0, to: 10_000, angry: 9_000)
    #expect(interpreter.advance(to: 14_999).isEmpty)
    let findings = interpreter.advance(to: 15_000)
    #expect(findings.states.map(\.phase) == [.end])
    #expect(
      findings.states.first?.atMs == 10_000, "it says how far the speech went, not the silence")
    #expect(interpreter.advance(to: 100_000).isEmpty)
    let again = speak(to: &interpreter, segment: 2, from: 100_000, to: 101_000, angry: 9_000)
    #expect(again.states.isEmpty, "what was before the silence counts no more")
  }

  @Test func theNextSegmentFindsTheLapseThatNobodyAskedFor() {
    var interpreter = interpreter()
    _ = speak(to: &interpreter, segment: 1, from: 0, to: 10_000, angry: 9_000)
    let findings = interpreter.receive(result(2, 60_000, 60_500, angry: 9_000))
    #expect(findings.states.map(\.phase) == [.end])
    #expect(findings.count == 2)
  }

  @Test func finishingEndsWhatLasts() {
    var interpreter = interpreter()
    _ = speak(to: &interpreter, segment: 1, from: 0, to: 10_000, angry: 9_000)
    #expect(interpreter.finish(at: 10_100).states.map(\.phase) == [.end])
    #expect(interpreter.finish(at: 10_200).isEmpty)
  }

  @Test func timeThatRunsBackwardsIsTakenAsStandingStill() {
    var interpreter = interpreter()
    _ = speak(to: &interpreter, segment: 1, from: 0, to: 10_000, angry: 9_000)
    #expect(interpreter.advance(to: 3).isEmpty)
    #expect(interpreter.advance(to: 15_000).states.count == 1)
  }

  @Test func anAgentsVoiceYieldsNothing() {
    let rule = AlertRule(name: "anger", emotions: [.angry], share: 0)
    var agent = Interpreter(role: .agent, labels: threeClasses, rules: [rule])
    #expect(!agent.infersEmotion)
    #expect(speak(to: &agent, segment: 1, from: 0, to: 20_000, angry: 10_000).isEmpty)
    #expect(agent.advance(to: 100_000).isEmpty)
    #expect(agent.finish(at: 100_000).isEmpty)
  }

  @Test(arguments: AgentException.allCases)
  func anAgentsVoiceIsJudgedUnderTheNamedException(exception: AgentException) {
    var agent = interpreter(role: .agent, exception: exception)
    #expect(!speak(to: &agent, segment: 1, from: 0, to: 1_000, angry: 10_000).isEmpty)
  }
}
