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
    #expect(throws: Manifest.Problem.self) { try Manifest("ok\tsad\n\(line)\n", path: "/x.tsv") }
  }

  @Test func namesTheLineThatIsWrong() {
    #expect(throws: Manifest.Problem.columns(path: "/x.tsv", line: 2, found: 1)) {
      try Manifest("ok\tsad\nalone\n", path: "/x.tsv")
    }
  }

  @Test(arguments: [("a.wav\t", "label"), ("\tsad", "path"), ("a.wav\t\tann", "label")])
  func saysWhichColumnIsBlank(line: String, column: String) {
    #expect(throws: Manifest.Problem.blank(path: "/x.tsv", line: 2, column: column)) {
      try Manifest("ok\tsad\n\(line)\n", path: "/x.tsv")
    }
  }

  @Test func tellsThatTheHeaderOfATrainingListIsNone() {
    #expect(throws: Manifest.Problem.header(path: "/x.tsv", line: 2)) {
      try Manifest("# calls\npath\tlabel\tspeaker\tsplit\na.wav\tsad\tann\tdev\n", path: "/x.tsv")
    }
  }

  @Test func knowsTheLineOfEveryEntry() throws {
    let manifest = try Manifest("# clips\na\tsad\n\nb\tangry\n", path: "/x.tsv")
    #expect(manifest.lines == [2, 4])
  }

  @Test func refusesAnEmptyList() {
    #expect(throws: Manifest.Problem.empty(path: "/x.tsv")) {
      try Manifest("# none\n", path: "/x.tsv")
    }
  }
}
