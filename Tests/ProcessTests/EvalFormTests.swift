import Foundation
import JSON
import TestSupport
import Testing

/// For whom `edgectl eval` writes, and where it reads its list.
@Suite(.waiting) struct EvalFormTests {
  private let tools = Program(name: "edgectl-tools")
  private let speech = Speech()

  /// A list of somebody angry, twice, and of a room in which nobody is sad.
  private func list() throws -> String {
    let clip = try speech.file()
    let text = "\(clip)\tangry\n\(clip)\thappy\n\(try speech.quietRoom())\tsad\n"
    return try speech.folder.file("list.tsv", text)
  }

  private func eval(_ list: String, _ options: String...) throws -> Program.Outcome {
    let outcome = try tools.run(["eval", Repository.model, "--manifest", list] + options)
    #expect(outcome.status == 0, "\(outcome.error)")
    return outcome
  }

  private func percent(_ share: JSONValue?) throws -> String {
    let tenths = Int((try #require(share?.number) * 1000).rounded())
    return "\(tenths / 10).\(tenths % 10)"
  }

  @Test func showsPeopleTheFiguresOfTheSummaryInTables() throws {
    let list = try list()
    let summary = try JSONValue(parsing: #require(eval(list, "--interim").lines.last))
    let rows = try eval(list, "--readable", "--interim").lines.map {
      $0.split(separator: " ").map(String.init)
    }
    for (name, figure) in [
      (["accuracy"], try percent(summary["accuracy"])), (["UAR"], try percent(summary["uar"])),
      (["calibration", "error"], try percent(summary["calibration_error"])),
      (["said"], try percent(summary["said"])), (["without", "speech"], "1"),
      (["recordings"], "3"), (["unreadable"], "0"),
    ] {
      #expect(rows.contains { $0.starts(with: name + [figure]) }, "\(name) \(figure)")
    }
    let angry = try #require(summary["classes"]?["angry"])
    let figures = try ["recall", "precision", "f1"].map { try percent(angry[$0]) }
    #expect(rows.contains(["angry"] + figures + ["1"]))
    // Nobody is labelled so: at most, how many were wrongly taken for it is known.
    let precision = try #require(summary["classes"]?["fear"]?["precision"])
    #expect(rows.contains(["fear"] + (precision == .null ? [] : [try percent(precision)]) + ["0"]))
    let counts = try #require(summary["confusion"]?["sad"]?.array).map(\.description)
    #expect(counts.last == "1" && rows.contains(["sad"] + counts))
    let interims = try #require(summary["interim"]?.array)
    #expect(!interims.isEmpty)
    for interim in interims {
      let hundredths = try #require(interim["segment_ms"]?.integer) / 10
      let seconds = "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100)"
      let decisions = try #require(interim["decisions"]).description
      let accuracy = try percent(interim["accuracy"])
      #expect(rows.contains { $0.starts(with: [seconds, decisions, accuracy]) }, "\(seconds)")
    }
  }

  @Test func decidesLikeClassifyForWhomItWrites() throws {
    let list = try list()
    let piped = try eval(list).output
    #expect(try eval(list, "--json").output == piped)
    let program = Program.folder.appending(path: "edgectl-tools").path
    let command = "'\(program)' eval '\(Repository.model)' --manifest '\(list)'"
    func onTerminal(_ option: String) throws -> [String] {
      try Program.run(
        Program.onPath("script"), ["-qec", "\(command) \(option) 2> /dev/null", "/dev/null"]
      ).output.split(whereSeparator: \.isNewline).map(String.init)
    }
    #expect(try onTerminal("") == eval(list, "--readable").lines)
    #expect(try onTerminal("--json") == piped.split(separator: "\n").map(String.init))
    let both = try tools.run([
      "eval", Repository.model, "--manifest", list, "--json", "--readable",
    ])
    #expect(both.status == 64 && both.error.contains("exclude each other"), "\(both.error)")
  }

  @Test func readsItsListOnStandardInput() throws {
    let list = try list()
    let input = try Data(contentsOf: URL(fileURLWithPath: list))
    let command = ["eval", Repository.model, "--manifest", "-"]
    let outcome = try tools.run(command, input: input)
    #expect(outcome.status == 0, "\(outcome.error)")
    #expect(try outcome.lines.dropLast() == eval(list).lines.dropLast())
    let wrong = try tools.run(command, input: Data("\nclip.wav\n".utf8))
    #expect(wrong.status == 1)
    #expect(wrong.error.hasPrefix("edgectl: standard input:2: a line needs"), "\(wrong.error)")
    let here = FileManager.default.currentDirectoryPath
    let missing = try tools.run(command, input: Data("no/clip.wav\tsad\n".utf8))
    #expect(missing.error.contains("cannot read \(here)/no/clip.wav"), "\(missing.error)")
  }
}
