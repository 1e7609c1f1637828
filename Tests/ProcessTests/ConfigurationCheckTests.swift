import Foundation
import TestSupport
import Testing

/// `edged --check-config`: all that is wrong, in order, and what can be and is hardly meant.
@Suite(.waiting) struct ConfigurationCheckTests {
  private let input = DaemonInput()
  private let speech = Speech()

  @Test func itSaysWhatTheDaemonWouldWithoutServing() throws {
    let refused = try input.check("modle = 1", named: "bad.toml")
    #expect(refused.status == 78)
    #expect(refused.error.contains("bad.toml:1: unknown key `modle`"))
    let accepted = try input.check(
      "model = \"\(Repository.model)\"", named: "good.toml", model: nil)
    #expect(accepted.status == 0, "\(accepted.error)")
    #expect(accepted.output.hasPrefix("\(input.path("good.toml")): good"))
  }

  @Test func whatAFileSaysCommandsNoTerminal() throws {
    let outcome = try input.check("\"\\u001b]0;mine\\u0007\\nedged: good\" = 1")
    #expect(outcome.status == 78)
    #expect(outcome.error.contains("unknown key `\u{FFFD}]0;mine\u{FFFD}\u{FFFD}edged: good`"))
  }

  @Test func itSaysAllThatIsWrongInTheOrderOfTheLines() throws {
    let outcome = try input.check(
      """
      modle = "x"
      model = "nowhere.edge"
      socket = "/nonexistent/events.sock"
      [stream.a]
      device = "stdin"
      [stream.b]
      device = "stdin"
      [stream.c]
      device = "wav:/nonexistent/call.wav"
      [alert.x]
      share = 0
      emotions = ["wrath"]
      [alert.y]
      share = 0.5
      """, model: nil)
    #expect(outcome.status == 78)
    let said = input.lines(outcome)
    let beginnings = [
      "1: unknown key `modle`", "2: cannot read the model nowhere.edge",
      "3: there is no folder /nonexistent for the socket",
      "7: streams a and b both read `stdin`",
      "9: stream c: /nonexistent/call.wav: cannot be opened",
      "11: `alert.x.share` is 0", "12: `wrath` is no emotion", "13: alert `y` names no emotion",
    ]
    #expect(said.count == beginnings.count, "\(said)")
    #expect(said[1].hasSuffix("It is looked for in the folder that edged is started in."))
    for (line, beginning) in zip(said, beginnings) {
      #expect(line.hasPrefix("edged: error: edged.toml:\(beginning)"), "\(line)")
    }
  }

  @Test func itSaysWhereARelativePathBegins() throws {
    let outcome = try input.check(stream("a", hears: "wav:call.wav"))
    #expect(outcome.status == 78, "\(outcome.error)")
    let doubts = input.lines(
      try input.check(
        "model = \"\(relative(Repository.model))\"\n" + stream("a", hears: "none"), model: nil))
    #expect(
      doubts.first?.contains("is looked for in the folder that edged is started in") == true,
      "\(doubts)")
  }

  /// The same path, from the folder in which the tests run.
  private func relative(_ path: String) -> String {
    let up = FileManager.default.currentDirectoryPath.split(separator: "/").map { _ in "../" }
    return up.joined() + path.dropFirst()
  }

  @Test func itDoubtsWhatIsHeardTwiceAndACardThatIsAPCM() throws {
    let outcome = try input.check(
      stream("a", hears: "default") + stream("b", hears: "default"))
    let said = input.lines(outcome)
    #expect(outcome.status == 0, "\(said)")
    #expect(said.count == 3, "\(said)")
    #expect(said.first?.contains("streams a and b hear the same channel of default") == true)
    #expect(said.last?.contains("write pcm:default if that is meant") == true)
  }

  @Test func itWarnsOfWhatCanBeAndIsHardlyMeant() throws {
    let whole = try Data(contentsOf: URL(fileURLWithPath: speech.file()))
    let cut = try input.file("cut.wav", whole.prefix(whole.count / 2))
    let streams =
      stream("bogus", hears: "bogus:xx") + stream("card", hears: "hw:77,0")
      + stream("cut", hears: "wav:\(cut)")
    let configuration =
      streams + """
        [alert.never]
        emotions = ["calm"]
        [alert.half]
        emotions = ["calm", "angry"]
        [alert.good]
        emotions = ["angry"]
        """
    let outcome = try input.check(configuration)
    #expect(outcome.status == 0, "\(outcome.error)")
    let said = outcome.error.split(separator: "\n")
    #expect(said.count == 4, "\(said)")
    for sentence in [
      "warning: alert half: the model has no calm, so that only the others count",
      "warning: alert never: the model has no calm, so that it never fires",
      "warning: stream bogus: libasound's configuration has no PCM bogus:xx",
      "warning: stream cut: \(cut) is cut off",
    ] {
      #expect(said.contains { $0.contains(sentence) }, "\(sentence) is not among \(said)")
    }
    let daemon = try RunningDaemon(configuration: configuration)
    _ = try daemon.client()
    #expect(daemon.terminate().status == 0)
    #expect(daemon.log.contains { $0.contains("alert never: the model has no calm") })
    #expect(daemon.log.contains { $0.contains("\(cut) is cut off") })
  }

  @Test func aRecordingThatLacksOneSampleIsNotSaidToHaveAll() throws {
    let whole = try Data(contentsOf: URL(fileURLWithPath: speech.file()))
    let short = try input.file("short.wav", whole.dropLast(2))
    let said = try input.check(stream(hears: "wav:\(short)")).error
    let lengths = try #require(
      said.firstMatch(of: /promises ([0-9.]+) s and it has ([0-9.]+);/), "\(said)")
    #expect(lengths.1 != lengths.2)
  }

  @Test func aByteOrderMarkIsNoPartOfTheConfiguration() throws {
    let outcome = try input.check("\u{FEFF}log_level = \"info\"\n")
    #expect(outcome.status == 0, "\(outcome.error)")
  }

  @Test func theExampleConfigurationIsGood() throws {
    let example = Repository.root.appending(path: "systemd/edged.toml").path
    let outcome = try Program(name: "edged").run(
      ["--check-config", "--config", example, "--model", Repository.model])
    #expect(outcome.status == 0, "\(outcome.error)")
  }
}
