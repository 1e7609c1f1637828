import Glibc
import TestSupport
import Testing

@testable import Settings

private func read(_ text: String, dropIns: [String: String] = [:]) throws -> Configuration {
  let folder = TemporaryFolder()
  for (name, text) in dropIns { try folder.file("edged.d/\(name)", text) }
  return try read(ConfigurationFiles(path: folder.file("edged.toml", text)))
}

private func refusals(_ text: String, dropIns: [String: String] = [:]) -> [ConfigurationProblem] {
  do {
    _ = try read(text, dropIns: dropIns)
    return []
  } catch {
    return (error as? ConfigurationProblems)?.all ?? []
  }
}

/// Why a configuration is refused in which one thing is wrong.
private func refusal(_ text: String, dropIns: [String: String] = [:]) -> ConfigurationProblem? {
  let all = refusals(text, dropIns: dropIns)
  return all.count == 1 ? all[0] : nil
}

@Suite struct ConfigurationTests {
  @Test func nothingConfiguredMeansTheOnlyMicrophone() throws {
    let configuration = try read("")
    #expect(configuration.runningStreams.map(\.name) == ["main"])
    #expect(configuration.runningStreams[0].stream == StreamConfiguration())
    #expect(configuration.streams.isEmpty)
  }

  @Test func moreClientsThanTheUnitHasDescriptorsForAreRefused() throws {
    #expect(try read("[events]\nmaximum_clients = 4000").events.maximumClients == 4000)
    let problem = refusal("[events]\nmaximum_clients = 4001")
    #expect(problem?.kind == .badValue && problem?.line == 2)
  }

  @Test func aLevelAtWhichNothingMoreIsSaidIsRefused() {
    #expect(refusal("log_level = \"debug\"")?.line == 1)
  }

  @Test func everyKeyIsTakenOver() throws {
    let configuration = try read(
      """
      model = "/m.edge"
      socket = "/s.sock"
      log_level = "warning"
      [stream.desk]
      device = "by-id:usb-Yeti"
      channel = 1
      rate = 48000
      role = "agent"
      [events]
      history_kb = 64
      heartbeat_s = 5
      interim_ms = 200
      maximum_clients = 10
      [affect]
      minimum_confidence = 0.5
      enter_share = 1
      leave_share = 0.25
      time_constant_ms = 1000
      lapse_ms = 2000
      [alert.angry]
      emotions = ["angry", "disgust"]
      share = 0.7
      for_s = 3
      keep_firing_for_s = 4
      [agents]
      exception = "safety"
      """)
    #expect(configuration.model == "/m.edge")
    #expect(configuration.socket == "/s.sock")
    #expect(configuration.logLevel == .warning)
    let stream = try #require(configuration.streams["desk"])
    #expect(stream.device == "by-id:usb-Yeti")
    #expect(stream.channel == 1)
    #expect(stream.rate == 48_000)
    #expect(stream.role == .agent)
    #expect(configuration.events.historyBytes == 65_536)
    #expect(configuration.events.heartbeatMs == 5000)
    #expect(configuration.events.interimMs == 200)
    #expect(configuration.events.maximumClients == 10)
    #expect(configuration.affect.minimumConfidence == 5000)
    #expect(configuration.affect.enterShare == 10_000)
    #expect(configuration.affect.leaveShare == 2500)
    #expect(configuration.affect.timeConstantMs == 1000)
    #expect(configuration.affect.lapseMs == 2000)
    #expect(configuration.alerts["angry"]?.emotions == ["angry", "disgust"])
    #expect(configuration.alerts["angry"]?.share == 7000)
    #expect(configuration.alerts["angry"]?.forMs == 3000)
    #expect(configuration.alerts["angry"]?.keepFiringForMs == 4000)
    #expect(configuration.agentException == .safety)
  }

  @Test func dropInsOverrideSingleKeysInTheOrderOfTheirNames() throws {
    let configuration = try read(
      "[stream.a]\ndevice = \"one\"\nchannel = 3\n",
      dropIns: [
        "20-b.toml": "[stream.a]\ndevice = \"three\"", "10-a.toml": "[stream.a]\ndevice = \"two\"",
        "notes.txt": "not TOML at all",
      ])
    #expect(configuration.streams["a"]?.device == "three")
    #expect(configuration.streams["a"]?.channel == 3)
    #expect(configuration.places["stream.a.device"]?.file.hasSuffix("20-b.toml") == true)
    #expect(configuration.places["stream.a.channel"]?.line == 3)
  }

  @Test(arguments: [
    ("modle = \"x\"", ConfigurationProblem.Kind.unknownKey, 1),
    ("\n[stream.main]\ndevcie = \"x\"", .unknownKey, 3),
    ("# a comment\nmodel = 3", .wrongType, 2),
    ("[stream.main]\nchannel = \"left\"", .wrongType, 2),
    ("[stream.main]\nchannel = 0.5", .wrongType, 2),
    ("[stream.main]\nrate = 7", .badValue, 2),
    ("[stream.main]\nrate = 4000000", .badValue, 2),
    ("[stream.main]\nchannel = -1", .badValue, 2),
    ("[stream.main]\nrole = \"boss\"", .badValue, 2),
    ("\n[stream.\"\"]\nrole = \"agent\"", .badValue, 2),
    ("\n[stream.\"a\\nb\"]\nrole = \"agent\"", .badValue, 2),
    ("\n[alert.\"a\\u001Bb\"]\nemotions = [\"angry\"]", .badValue, 2),
    ("\n[stream.\"a\\u009Fb\"]\nrole = \"agent\"", .badValue, 2),
    ("[stream.\(String(repeating: "a", count: 61))]", .badValue, 1),
    ("[stream.'\(String(repeating: "\"", count: 31))']", .badValue, 1),
    ("[alert.\(String(repeating: "a", count: 61))]\nemotions = [\"angry\"]", .badValue, 1),
    ("log_level = \"loud\"", .badValue, 1),
    ("stream = 3", .wrongType, 1),
    ("[affect]\nenter_share = 1.5", .badValue, 2),
    ("[affect]\nenter_share = \"much\"", .wrongType, 2),
    ("[alert.a]\nemotions = []", .badValue, 2),
    ("[alert.a]\nemotions = [\"sad\"]\nshare = 0", .badValue, 3),
    ("[alert.a]\nemotions = [\"angry\", 3]", .wrongType, 2),
    ("[agents]\nexception = \"marketing\"", .badValue, 2),
    ("model = \"unfinished", .syntax, 1),
    ("model = \"a\"\nmodel = \"b\"", .syntax, 2),
  ])
  func whatCannotBeIsRefusedWithItsLine(
    text: String, kind: ConfigurationProblem.Kind, line: Int?
  ) throws {
    let problem = try #require(refusal(text))
    #expect(problem.kind == kind)
    #expect(problem.line == line)
    #expect(!problem.description.contains("\n"))
  }

  @Test func theSentenceSaysWhereWhatAndWhatInstead() throws {
    let unknown = try #require(refusal("[stream.main]\ndevcie = \"x\""))
    #expect(
      unknown.description.hasSuffix(
        "edged.toml:2: unknown key `devcie` in [stream.main]; known here: channel, device, rate, role"
      ))
    let rate = try #require(refusal("[stream.main]\nrate = 7"))
    #expect(
      rate.description.hasSuffix(
        "edged.toml:2: `stream.main.rate` is 7; it must lie between 8000 and 192000"))
    let type = try #require(refusal("model = 3"))
    #expect(
      type.description.hasSuffix(":1: `model` must be a text in quotes, not a whole number"))
    for (text, key) in [
      ("stream = \"auto\"", "stream"), ("[stream]\ndevice = \"a\"", "stream.device"),
    ] {
      let table = try #require(refusal(text))
      #expect(
        table.description.hasSuffix("`\(key)` must be a table, such as [stream.main], not a text"))
    }
  }

  @Test func aProblemInADropInNamesTheDropIn() throws {
    let problem = try #require(refusal("", dropIns: ["x.toml": "\n\nmodle = 1"]))
    #expect(problem.file.hasSuffix("edged.d/x.toml"))
    #expect(problem.line == 3)
  }

  @Test func allThatIsWrongIsSaidInTheOrderOfTheFiles() {
    let problems = refusals(
      """
      modle = "x"
      [stream.b]
      channel = "left"
      rate = 7
      role = agent
      [alert.a]
      share = 0.0
      """,
      dropIns: [
        "20.toml": "[stream.a]\nrole = \"boss\"", "10.toml": "\nlog_level = \"loud\"",
        "30.toml": "model = \"open",
      ])
    #expect(
      problems.map { "\($0.file.split(separator: "/").last!):\($0.line ?? 0)" }
        == [
          "edged.toml:1", "edged.toml:3", "edged.toml:4", "edged.toml:5", "edged.toml:7",
          "10.toml:2", "20.toml:2", "30.toml:1",
        ], "\(problems)")
  }

  @Test func anAlertWithoutEmotionsIsRefusedWhereItBegins() {
    #expect(refusal("\n[alert.a]\nshare = 0.5")?.line == 2)
    let emotions = ["10-a.toml": "[alert.a]\nemotions = [\"angry\"]"]
    #expect(refusals("[alert.a]\nshare = 0.5", dropIns: emotions).isEmpty)
  }

  @Test func aFileThatWasAskedForMustBeThere() {
    #expect(throws: ConfigurationProblems.self) {
      try read(ConfigurationFiles(path: "/nonexistent/edged.toml"))
    }
  }

  private func folder(_ files: [String: String]) throws -> TemporaryFolder {
    let folder = TemporaryFolder()
    for (name, text) in files { try folder.file(name, text) }
    return folder
  }

  /// All that is wrong with the configuration of a folder.
  private func problems(in folder: TemporaryFolder) -> [ConfigurationProblem] {
    do throws(ConfigurationProblems) {
      _ = try read(ConfigurationFiles(path: folder.path("edged.toml")))
      return []
    } catch { return error.all }
  }

  @Test func aFolderOfDropInsThatCannotBeReadIsRefused() throws {
    let plain = try folder(["edged.toml": "", "edged.d": "[stream.desk]\nrole = \"agent\"\n"])
    let problem = try #require(problems(in: plain).first)
    #expect(problem.kind == .unreadable)
    #expect(problem.description.hasPrefix("\(plain.path("edged.d")): is no folder"), "\(problem)")
    #expect(problem.message.hasSuffix("rename it, or delete it"))
    for target in ["edged.d", "nowhere"] {
      let linked = try folder(["edged.toml": ""])
      #expect(symlink(target, linked.path("edged.d")) == 0)
      let problem = try #require(problems(in: linked).first)
      #expect(problem.kind == .unreadable && problem.file == linked.path("edged.d"))
      #expect(problem.message.contains("the folder of drop-ins cannot be read"), "\(problem)")
    }
  }

  @Test func aNamedPipeIsRefusedAndNotWaitedFor() throws {
    let folder = try folder(["edged.toml": "", "edged.d/10.toml": ""])
    #expect(mkfifo(folder.path("edged.d/20.toml"), 0o600) == 0)
    let all = problems(in: folder)
    #expect(all.count == 1 && all.first?.kind == .unreadable)
    let said = all.first?.description ?? ""
    #expect(said.contains("edged.d/20.toml: is a pipe"), "\(said)")
  }

  @Test func aDropInThatCannotBeReadIsToBeCorrectedOrDeleted() throws {
    let folder = try folder(["edged.toml": "", "edged.d/10.toml": ""])
    #expect(mkdir(folder.path("edged.d/20.toml"), 0o755) == 0)
    let all = problems(in: folder)
    #expect(all.count == 1 && all.first?.kind == .unreadable)
    let said = all.first?.description ?? ""
    #expect(said.contains("edged.d/20.toml: cannot be read"), "\(said)")
    #expect(said.hasSuffix("correct it, or delete it"), "\(said)")
  }

  @Test func textThatIsNotUTF8IsRefused() throws {
    let file = TemporaryFile([0xFF], named: "edged.toml")
    #expect(throws: ConfigurationProblems.self) { try read(ConfigurationFiles(path: file.path)) }
  }
}
