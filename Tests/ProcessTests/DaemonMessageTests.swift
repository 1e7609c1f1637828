import Service
import Testing

/// What the sources are read for: a message that is written in another way must not be overlooked.
@Suite struct DaemonMessageTests {
  private func messages(_ source: String, in path: String = "Settings/New.swift") -> [String] {
    DaemonMessage.all(in: path, source).map(\.text)
  }

  @Test func whatVariesIsLeftOut() {
    #expect(
      messages(#"report("`\(key)` is \(a ? "x" : b("y")); write it")"#) == ["`…` is …; write it"])
  }

  @Test func whatIsAddedBelongsToIt() {
    let source = """
      "the first" + " and the \\(n)"
        + list.map { $0.name }.joined(separator: ", ") + "; end it"
      "\\"quoted\\" words"
      """
    #expect(messages(source) == ["the first and the …; end it", "\"quoted\" words"])
  }

  @Test func oneOfSeveralEndsIsAMessageToo() {
    let found = messages(#""cannot be \(path)" + (isGone ? "; make a file" : "; read it")"#)
    #expect(Set(found) == ["cannot be …", "; make a file", "; read it"])
  }

  @Test func aTopicBesideItSaysWhereItIs() {
    let source = """
      log.write(
        .info, .started, "serves")
      LogLine(isEnd ? .notice : .warning, .soundLost, "\\(count) ms are gone")
      report("a new problem")
      """
    let found = DaemonMessage.all(in: "Settings/New.swift", source)
    #expect(found.map(\.text) == ["serves", "… ms are gone", "a new problem"])
    #expect(
      found.map(\.section) == [.log(.started), .log(.soundLost), .log(.configurationRejected)])
  }

  @Test func aSourceThatIsNotKnownHasNoSection() {
    let found = DaemonMessage.all(in: "edged/New.swift", #"say("two words")"#)
    #expect(found.map(\.section) == [nil])
  }

  @Test func commentsTrapsAndNamesAreNoMessages() {
    let source = """
      // "a comment"
      precondition(isTrue, "a fault in the program")
      Thread("capture")
      notify("READY=1\\nSTATUS=\\(text)")
      """
    #expect(messages(source).isEmpty)
  }

  @Test func anErrorWithoutASentenceIsPrintedByItsName() {
    let source = """
      public enum ProgramProblem: Error, Equatable {
        /// Fewer than one.
        case none
        case rate(tensor: Int, Int32, expected: Int)
      }
      """
    #expect(
      messages(source, in: "Inference/ProgramProblem.swift")
        == ["none", "rate(tensor: …, …, expected: …)"])
  }

  @Test func aMessageIsFoundWholeAndInItsOrder() {
    let message = DaemonMessage(text: "the … of … ends", section: nil)
    #expect(message.ranges(in: "the end of the file ends") != nil)
    #expect(message.ranges(in: "the end of the file") == nil)
    #expect(message.ranges(in: " of the ends") == nil)
  }
}
