import Testing

@testable import Service

@Suite struct LogTests {
  @Test func everyTopicHasItsOwn128BitNumber() {
    let numbers = LogTopic.allCases.map(\.rawValue)
    #expect(Set(numbers).count == numbers.count)
    #expect(numbers.allSatisfy { $0.count == 32 && $0.allSatisfy(\.isHexDigit) })
  }

  @Test func levelsAreOrderedByHowMuchTheyMatter() {
    #expect(LogLevel.allCases.sorted() == [.error, .warning, .notice, .info])
  }
}
