import Foundation
import TestSupport
import Testing

/// What every command says of itself, word for word: files of the folder `Help` beside this one.
///
/// After a change that is meant, `EDGED_WRITE_HELP=1 swift test --filter HelpTests` writes them
/// anew.
@Suite(.waiting) struct HelpTests {
  private static let folder = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().appending(path: "Help")
  private let isWriting = ProcessInfo.processInfo.environment["EDGED_WRITE_HELP"] != nil

  private func help(_ program: String, _ arguments: [String] = []) throws -> String {
    let executable = Program.folder.appending(path: program).path
    // As wide as a terminal that nobody has widened, with the daemon's usual socket.
    let outcome = try Program.run(
      Program.onPath("env"),
      ["-u", "EDGED_SOCKET", "COLUMNS=80", executable] + arguments + ["--help"])
    #expect(outcome.status == 0, "\(outcome.error)")
    return outcome.output
  }

  private func compare(_ help: String, with name: String) throws {
    let file = HelpTests.folder.appending(path: "\(name).txt")
    if isWriting { try Data(help.utf8).write(to: file) }
    let expected = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
    #expect(help == expected, "if this is meant: EDGED_WRITE_HELP=1 swift test --filter HelpTests")
  }

  /// The words of a help text's list of subcommands.
  private func subcommands(of help: String) throws -> [String] {
    let list = try #require(help.components(separatedBy: "SUBCOMMANDS:\n").dropFirst().first)
    return list.split(separator: "\n").filter { $0.hasPrefix("  ") && !$0.hasPrefix("   ") }
      .compactMap { $0.split(separator: " ").first.map(String.init) }
      .filter { $0 != "See" }
  }

  @Test func everyCommandSaysWhatItSaidBefore() throws {
    try compare(help("edged"), with: "edged")
    let edgectl = try help("edgectl")
    try compare(edgectl, with: "edgectl")
    let names = try subcommands(of: edgectl)
    #expect(names.count >= 9)
    for name in names { try compare(help("edgectl", [name]), with: "edgectl-\(name)") }
  }

  @Test func whatIsPassedOnIsKnownUnderTheSameName() throws {
    let passedOn = try subcommands(of: help("edgectl-tools"))
    #expect(passedOn.count >= 5)
    #expect(Set(passedOn).isSubset(of: try subcommands(of: help("edgectl"))))
  }

  @Test func nothingIsDescribedThatIsNoCommand() throws {
    let names = try subcommands(of: help("edgectl")).map { "edgectl-\($0).txt" }
    let files = try FileManager.default.contentsOfDirectory(atPath: HelpTests.folder.path)
    #expect(Set(files) == Set(names + ["edged.txt", "edgectl.txt"]))
  }
}
