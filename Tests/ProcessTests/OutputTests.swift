import Foundation
import Glibc
import TestSupport
import Testing

/// Where the commands write to, and what they say when they cannot.
@Suite(.waiting) struct OutputTests {
  private let speech = Speech()

  /// How `command`, a line of the shell, ends when `output` is where it writes.
  private func run(_ program: String, _ arguments: [String], output: String) throws
    -> Program.Outcome
  {
    let path = Program.folder.appending(path: program).path
    return try Program.run(
      Program.onPath("bash"),
      ["-c", "\"$@\" \(output); echo ended ${PIPESTATUS[0]} >&2", "bash", path] + arguments)
  }

  /// Every command that writes much or little.
  private func commands() throws -> [(program: String, arguments: [String])] {
    let clip = try speech.file()
    let manifest = try speech.folder.file("list.tsv", "\(clip)\tangry\n")
    return [
      ("edgectl-tools", ["classify", "-m", Repository.model, clip]),
      ("edgectl-tools", ["eval", Repository.model, "--manifest", manifest]),
      ("edgectl-tools", ["features", clip]), ("edgectl-tools", ["segments", clip]),
      ("edgectl", ["inspect", Repository.model]),
      ("edgectl", ["inspect", "--json", Repository.model]),
      ("edgectl", ["--help"]), ("edgectl", ["--version"]), ("edgectl", ["tail", "--help"]),
      ("edgectl-tools", ["eval", "--help"]),
    ]
  }

  @Test func aFullDiskIsAnErrorOfEveryCommand() throws {
    for (program, arguments) in try commands() {
      let outcome = try run(program, arguments, output: "> /dev/full")
      let lines = outcome.error.split(separator: "\n")
      #expect(lines.count == 2, "\(arguments): \(outcome.error)")
      #expect(
        lines.first?.contains("cannot write to standard output: No space left on device: make room")
          == true)
      #expect(lines.last == "ended 1", "\(arguments)")
    }
  }

  @Test func aFullDiskIsAnErrorOfStatus() throws {
    let daemon = try RunningDaemon(["--device", "NoSuchCard"])
    for form in [[], ["--json"]] {
      let outcome = try run(
        "edgectl", ["status", "--socket", daemon.socket] + form, output: "> /dev/full")
      #expect(outcome.error.contains("cannot write to standard output"))
      #expect(outcome.error.hasSuffix("ended 1\n"))
    }
    #expect(daemon.terminate().status == 0)
  }

  @Test(arguments: [
    ("call start", "call started"), ("call end", "call ended; "), ("pause", "paused"),
    ("resume", "waiting for "),
  ])
  func whatIsDoneIsSaidThoughTheDiskIsFull(command: String, deed: String) throws {
    let daemon = try RunningDaemon(
      configuration: """
        [stream.left]
        device = "NoSuchCard"
        [stream.right]
        device = "NoCardEither"

        """, isControlled: true)
    let words = command.split(separator: " ").map(String.init)
    let outcome = try run(
      "edgectl", words + ["--control-socket", daemon.controlSocket], output: "> /dev/full")
    let lines = outcome.error.split(separator: "\n")
    #expect(lines.count == 4, "\(outcome.error)")
    #expect(lines.first?.contains("“\(command)” was carried out, but ") == true)
    #expect(lines.first?.hasSuffix(": No space left on device.") == true)
    for stream in ["left", "right"] {
      #expect(lines.contains { $0.hasPrefix("edgectl: \(stream): \(deed)") }, "\(outcome.error)")
    }
    #expect(lines.last == "ended 1")
    #expect(daemon.terminate().status == 0)
  }

  @Test func whatIsClosedStaysClosedAndBecomesNoSocket() throws {
    let daemon = try RunningDaemon(["--device", "NoSuchCard"])
    for words in [["status"], ["tail", "-n", "5", "--no-follow"]] {
      let outcome = try run("edgectl", words + ["--socket", daemon.socket], output: ">&-")
      #expect(
        outcome.error.contains("cannot write to standard output: Bad file descriptor"),
        "\(outcome.error)")
      #expect(outcome.error.hasSuffix("ended 1\n"))
    }
    #expect(daemon.terminate().status == 0)
    let script = "exec \"$@\" <&- >&- 2>&-"
    let closed = try RunningDaemon(
      ["--device", "NoSuchCard"], under: ["bash", "-c", script, "bash"])
    for number in 0...2 {
      let path = "/proc/\(closed.processIdentifier)/fd/\(number)"
      #expect(try FileManager.default.destinationOfSymbolicLink(atPath: path) == "/dev/null")
    }
    #expect(closed.terminate().status == 0)
  }

  /// Where a log is written to, and from where it may be read without waiting.
  private func unread(terminal: Bool) throws -> (path: String, reader: Int32) {
    if terminal {
      let terminal = PseudoTerminal()
      return (terminal.path, terminal.reader)
    }
    let path = speech.folder.path("log")
    #expect(mkfifo(path, 0o600) == 0)
    return (path, open(path, O_RDWR | O_NONBLOCK))
  }

  @Test(arguments: [false, true])
  func whoDoesNotReadTheLogKeepsNobodyWaiting(terminal: Bool) throws {
    let (path, reader) = try unread(terminal: terminal)
    defer { close(reader) }
    let daemon = try RunningDaemon(
      ["--device", "NoSuchCard"],
      under: ["bash", "-c", "exec \"$@\" 2> '\(path)'", "bash"])
    let client = try daemon.client()
    // More than a pipe or a terminal holds, in lines that are longer than what is free at last.
    for _ in 0..<20 {
      try daemon.reload("\(String(repeating: "x", count: 5000)) = 1\n")
      try client.read(until: "the refusal") { $0.isConfiguration("rejected") }
    }
    // What was lost is said as soon as there is room, perhaps while the last refusal is being logged.
    var said = ""
    var block = [UInt8](repeating: 0, count: 1 << 17)
    func read(for rounds: Int, until word: String? = nil) {
      for _ in 0..<rounds where word.map({ !said.contains($0) }) ?? true {
        let count = Glibc.read(reader, &block, block.count)
        said += String(decoding: block.prefix(max(0, count)), as: UTF8.self)
        usleep(10_000)
      }
    }
    read(for: 50)
    try daemon.reload("nonsense = 1\n")
    try client.read(until: "the refusal") { $0.isConfiguration("rejected") }
    read(for: 1000, until: "unknown key `nonsense`")
    let lost =
      /edged: [a-z]+: the log has lost [1-9][0-9]* of its lines: there was no room for them/
    let lines = said.split(whereSeparator: \.isNewline)
    #expect(lines.contains { $0.wholeMatch(of: lost) != nil }, "\(lines.suffix(3))")
    #expect(said.contains("unknown key `nonsense`"))
    #expect(daemon.terminate().status == 0)
  }

  @Test func aLogThatMayNotGrowLosesItsLinesAndNotTheDaemon() throws {
    let path = speech.folder.path("log")
    let daemon = try RunningDaemon(
      ["--device", "NoSuchCard"],
      under: ["bash", "-c", "ulimit -f 0; exec \"$@\" 2> '\(path)'", "bash"])
    try daemon.reload("nonsense = 1\n")
    try daemon.client().read(until: "the refusal") { $0.isConfiguration("rejected") }
    #expect(daemon.terminate().status == 0)
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)).isEmpty)
  }

  @Test func aStartThatCannotSayWhyItFailsIsEndedBySIGTERMAndNotByAReload() throws {
    let (path, reader) = try unread(terminal: false)
    defer { close(reader) }
    let block = [UInt8](repeating: 10, count: 4096)
    while write(reader, block, block.count) > 0 {}
    let daemon = try RunningProgram(
      Program.onPath("bash"),
      [
        "-c", "exec \"$@\" 2> '\(path)'", "bash", Program.folder.appending(path: "edged").path,
        "--model", "/nowhere.edge",
      ])
    daemon.wait(forTreatmentOf: SIGHUP)
    daemon.send(SIGHUP)
    usleep(300_000)
    daemon.send(SIGTERM)
    #expect(daemon.status() == SIGTERM)
  }

  @Test func aReaderThatLeavesIsNoError() throws {
    for (program, arguments) in try commands() {
      let outcome = try run(program, arguments, output: "| true")
      let ended = outcome.error.split(separator: "\n").map(String.init)
      // 141 is how a shell names an end by SIGPIPE: the system's own way, without a word.
      #expect(ended == ["ended 0"] || ended == ["ended 141"], "\(arguments): \(outcome.error)")
    }
  }

  @Test func theDaemonSaysWhyItCannotAnswer() throws {
    for option in ["--help", "--version"] {
      let outcome = try run("edged", [option], output: "> /dev/full")
      #expect(outcome.error.contains("cannot write to standard output: No space left on device"))
      #expect(outcome.error.hasSuffix("ended 1\n"))
    }
  }

  /// A short write has no errno of its own.
  @Test func theDaemonNamesWhatKeepsItsAnswerFromBeingWhole() throws {
    let path = speech.folder.path("help")
    let edged = Program.folder.appending(path: "edged").path
    let outcome = try Program.run(
      Program.onPath("bash"), ["-c", "ulimit -f 1; exec '\(edged)' --help > '\(path)'"])
    #expect(outcome.status == 1)
    #expect(
      outcome.error.contains("cannot write to standard output: File too large"), "\(outcome.error)")
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)).count == 1024)
  }

  @Test func aCommandThatThereIsNotIsNamedWithThoseThatThereAre() throws {
    let outcome = try Program(name: "edgectl").run(["tial", "-n", "3"])
    #expect(outcome.status == 64)
    #expect(outcome.error.contains("there is no command “tial”: there are tail, status"))
  }

  @Test func helpKnowsEveryCommandAndNoOther() throws {
    let edgectl = Program(name: "edgectl")
    let bogus = try edgectl.run(["help", "bogus"])
    #expect(bogus.status == 64)
    #expect(bogus.output == "")
    #expect(bogus.error.hasPrefix("edgectl: there is no command “bogus”"), "\(bogus.error)")
    for command in ["classify", "tail"] {
      let help = try edgectl.run(["help", command])
      #expect(help.status == 0)
      #expect(help.output == (try edgectl.run([command, "--help"]).output))
    }
    #expect(try edgectl.run(["help"]).status == 0)
    let alone = speech.folder.path("edgectl")
    try FileManager.default.copyItem(
      at: Program.folder.appending(path: "edgectl"), to: URL(fileURLWithPath: alone))
    let missing = try Program.run(
      Program.onPath("env"), ["PATH=/nonexistent", alone, "help", "classify"])
    if missing.status != 0 {
      #expect(missing.error.contains("apt install edged-tools"), "\(missing.error)")
    }
  }

  @Test func longWorkSaysOnATerminalHowFarItIs() throws {
    let edgectl = Program.folder.appending(path: "edgectl").path
    let measuring = "'\(edgectl)' bench '\(Repository.model)' --rounds 5 > /dev/null"
    let outcome = try Program.onTerminal(measuring, columns: 18)
    #expect(outcome.output.contains(" of 5 rounds, "))
    #expect(outcome.rows.allSatisfy { $0.count < 18 }, "\(outcome.rows)")
    #expect(try Program.onTerminal(measuring, type: "dumb").output == "")
    let quiet = try Program(name: "edgectl").run(["bench", Repository.model, "--rounds", "2"])
    #expect(quiet.error == "")
  }

  @Test func allProgramsNameOneVersion() throws {
    let versions = try ["edged", "edgectl", "edgectl-tools"].map { name in
      let outcome = try Program(name: name).run(["--version"])
      #expect(outcome.status == 0)
      return outcome.output.split(whereSeparator: \.isWhitespace).last
    }
    #expect(Set(versions).count == 1)
    #expect(versions[0]?.split(separator: ".").count == 3)
  }
}
