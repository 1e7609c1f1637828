import Testing

@testable import Affect

@Suite struct JudgementTests {
  @Test func classesOfOneWordAreSummedAndTheTotalStays() {
    let scores = threeClasses.scores(of: [3_333, 3_334, 3_333])
    #expect(scores[.angry] == 6_666)
    #expect(scores[.neutral] == 3_334)
    #expect(scores.entries.reduce(0) { $0 + $1.score } == LabelScores.one)
    #expect(scores.best.emotion == .angry, "the sum wins, though no single class leads")
  }

  @Test func scoresComeInTheVocabularysOrder() {
    #expect(threeClasses.scores(of: [1, 2, 3]).entries.map(\.emotion) == [.neutral, .angry])
  }

  @Test func abstainsBelowTheThresholdAndNotOnIt() {
    let onIt = Judgement(
      result(1, 0, 500, angry: 5_500), labels: threeClasses, minimumConfidence: 5_500)
    let below = Judgement(
      result(1, 0, 500, angry: 5_500), labels: threeClasses, minimumConfidence: 5_501)
    #expect(onIt.label == .angry)
    #expect(below.label == .unknown)
    #expect(below.confidence == 5_500, "the confidence says how far it was")
    #expect(below.scores == onIt.scores)
  }

  @Test(arguments: ["", "Angry", "anger", "unknown", "angry_male"])
  func refusesAWordThatIsNotInTheVocabulary(name: String) {
    #expect(throws: LabelMap.Problem.notInVocabulary(name: name, index: 1)) {
      try LabelMap(labels: ["sad", name])
    }
  }

  @Test func refusesAModelWithoutClasses() {
    #expect(throws: LabelMap.Problem.empty) { try LabelMap(labels: []) }
  }

  @Test func settingsOutsideTheirRangesAreRefusedByName() {
    #expect(throws: AffectSettings.Problem.self) {
      try AffectSettings(minimumConfidence: 10_001).check()
    }
    #expect(throws: AffectSettings.Problem.self) { try AffectSettings(timeConstantMs: 0).check() }
    #expect(throws: AffectSettings.Problem.self) { try AffectSettings(lapseMs: 86_400_001).check() }
    #expect(throws: AffectSettings.Problem.leaveAboveEnter(leave: 6_000, enter: 5_000)) {
      try AffectSettings(leaveShare: 6_000).check()
    }
    #expect(throws: Never.self) { try AffectSettings().check() }
  }
}
