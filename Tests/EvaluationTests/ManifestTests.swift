import Testing

@testable import Evaluation

@Suite struct ManifestTests {
  @Test func readsPathsLabelsAndSessions() throws {
    let manifest = try Manifest("# clips\na.wav\tangry\tann\n\n/b.wav\tsad\n", path: "/lists/x.tsv")
    #expect(
      manifest.entries == [
        .init(path: "/lists/a.wav", label: "angry", session: "ann"),
        .init(path: "/b.wav", label: "sad", session: nil),
      ])
  }

  @Test func linesMayEndAsOnWindows() throws {
    let manifest = try Manifest("a\tsad\tann\r\nb\tangry\r\n", path: "/x.tsv")
    #expect(manifest.entries.map(\.label) == ["sad", "angry"])
    #expect(manifest.entries[0].session == "ann")
  }

  @Test func keepsASessionTogetherInItsOwnOrder() throws {
    let manifest = try Manifest(
      "a\tsad\t1\nb\tsad\nc\tsad\t2\nd\tsad\t1\n", path: "/x.tsv")
    #expect(manifest.sittings == [[0, 3], [1], [2]])
  }

  @Test(arguments: ["a.wav", "a.wav\t", "\tsad", "a\tb\tc\td"])
  func refusesALineWithoutItsColumns(line: String) {
    #expect(throws: Manifest.WrongLines.self) { try Manifest("ok\tsad\n\(line)\n", path: "/x.tsv") }
  }

  /// What is wrong with the lines of `text`, all of whose labels are to be `labels`.
  private func wrong(_ text: String, labels: ModelLabels? = nil) throws -> Manifest.WrongLines {
    try #require(throws: Manifest.WrongLines.self) {
      try Manifest(text, path: "/x.tsv", labels: labels)
    }
  }

  @Test func namesAllLinesThatAreWrong() throws {
    let text = "ok\tsad\nalone\n\ta\n# none\n/b.wav\twrath\nc.wav\tangry\n"
    let labels = ModelLabels([("angry", "angry"), ("down", "sad")])
    let label = Manifest.Fault.label(
      recording: "/b.wav", label: "wrath", known: ["angry", "sad"], isClass: false)
    #expect(
      try wrong(text, labels: labels).lines
        == [.init(2, .columns(found: 1)), .init(3, .blank(column: "path")), .init(5, label)])
    #expect(try wrong(text).lines.map(\.number) == [2, 3])
  }

  @Test func aClassThatIsPublishedAsAnotherLabelCanBeJudged() throws {
    let labels = ModelLabels([("angry", "angry"), ("down", "sad")])
    let sentences = try wrong("a.wav\tdown\n", labels: labels).sentences
    #expect(
      sentences == [
        "/x.tsv:1: //a.wav is labelled “down”, which this model publishes as another label: its labels are angry, sad; "
          + "correct the list, or judge its classes (--classes)."
      ])
    #expect(
      try Manifest("a.wav\tdown\n", path: "/x.tsv", labels: labels.unmerged).entries.count == 1)
  }

  @Test func countsTheWrongLinesThatNobodyReadsAnyMore() throws {
    let alone = String(repeating: "alone\n", count: 20)
    #expect(try wrong(alone).sentences.count == 20)
    let sentences = try wrong(alone + alone).sentences
    #expect(sentences.count == 21 && sentences[19].hasPrefix("/x.tsv:20: a line needs"))
    #expect(sentences.last == "and 20 more in /x.tsv.")
  }

  @Test(arguments: [("a.wav\t", "label"), ("\tsad", "path"), ("a.wav\t\tann", "label")])
  func saysWhichColumnIsBlank(line: String, column: String) throws {
    #expect(try wrong("ok\tsad\n\(line)\n").lines == [.init(2, .blank(column: column))])
  }

  @Test func tellsThatTheHeaderOfATrainingListIsNone() throws {
    let training = "# calls\npath\tlabel\tspeaker\tsplit\na.wav\tsad\tann\tdev\n"
    #expect(try wrong(training).lines == [.init(2, .header)])
    #expect(
      try wrong("path\tlabel\na.wav\n").lines == [.init(1, .header), .init(2, .columns(found: 1))])
  }

  @Test func knowsTheLineOfEveryEntry() throws {
    let manifest = try Manifest("# clips\na\tsad\n\nb\tangry\n", path: "/x.tsv")
    #expect(manifest.lines == [2, 4])
  }

  @Test(arguments: ["", " ", "\t", " \t ", "\u{a0}"])
  func leavesOutBlankLines(line: String) throws {
    let manifest = try Manifest("a\tsad\n\(line)\nb\tangry\n", path: "/x.tsv")
    #expect(manifest.lines == [1, 3])
  }

  @Test func refusesAnEmptyList() {
    #expect(throws: Manifest.Problem.empty(path: "/x.tsv")) {
      try Manifest("# none\n", path: "/x.tsv")
    }
  }
}
