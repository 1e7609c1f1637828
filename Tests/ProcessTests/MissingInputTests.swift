import Foundation
import ModelFile
import TestSupport
import Testing

/// What is not there, or is something else than it should be: one sentence that names it and says
/// what to do.
@Suite(.waiting) struct MissingInputTests {
  private let folder = TemporaryFolder()

  private func refusal(_ program: String, _ arguments: [String]) throws -> String {
    let outcome = try Program(name: program).run(arguments)
    #expect(outcome.status == 1, "\(arguments): \(outcome.error)")
    #expect(outcome.output == "")
    #expect(outcome.error.split(separator: "\n").count == 1, "\(outcome.error)")
    #expect(!outcome.error.contains("couldn’t be"))
    #expect(!outcome.error.contains("could not be completed"))
    return outcome.error
  }

  @Test func aManifestOrList() throws {
    let missing = folder.path("list.tsv")
    let foreign = try folder.file("foreign.tsv", [0x66, 0xff, 0xfe, 0x0a])
    let output = folder.path("set.safetensors")
    for (path, sentence) in [
      (missing, "\(missing): No such file or directory; name a file that exists"),
      (folder.path, "\(folder.path): it is a folder"), (foreign, "not text in UTF-8"),
    ] {
      let eval = try refusal("edgectl-tools", ["eval", Repository.model, "--manifest", path])
      #expect(eval.contains(sentence), "\(eval)")
      let features = try refusal("edgectl-tools", ["features", "--manifest", path, "-o", output])
      #expect(features.contains(sentence), "\(features)")
    }
    #expect(!FileManager.default.fileExists(atPath: output))
  }

  @Test func whatIsWrongInAManifestIsNamedByItsLine() throws {
    let list = folder.path("list.tsv")
    for (text, sentence) in [
      ("# clips\n\n/nonexistent/a.wav\tangry\n", "\(list):3: cannot read /nonexistent/a.wav"),
      ("a.wav\tangry\nb.wav\twrath\n", "\(list):2: \(folder.path("b.wav")) is labelled “wrath”"),
      // With a byte-order mark, which is no part of the path.
      ("\u{FEFF}/nonexistent/a.wav\tangry\n", "\(list):1: cannot read /nonexistent/a.wav"),
    ] {
      try folder.file("list.tsv", text)
      let said = try refusal("edgectl-tools", ["eval", Repository.model, "--manifest", list])
      #expect(said.contains(sentence), "\(said)")
    }
    try folder.file("list.tsv", "\n/a.wav\t1\n\nb.wav\t7\n")
    let features = try refusal(
      "edgectl-tools", ["features", "--manifest", list, "-o", folder.path("set.safetensors")])
    #expect(features.contains("\(list):4: a line is a path"), "\(features)")
  }

  @Test func allLinesOfAManifestThatAreWrongAreNamedBeforeAnythingIsHeard() throws {
    let text = "/nonexistent/a.wav\tangry\nb.wav\twrath\nc.wav\nd.wav\tsad\n\tsad\n"
    let list = try folder.file("list.tsv", text)
    let model = Repository.root.appending(path: "models/model.bin").path
    for (arguments, lines) in [
      (["eval", Repository.model, "--manifest", list], [2, 3, 5]),
      (["quantize", model, "-o", folder.path("o"), "--calibrate", list], [3, 5]),
    ] {
      let outcome = try Program(name: "edgectl-tools").run(arguments)
      #expect(outcome.status == 1 && outcome.output == "")
      let said = outcome.error.split(separator: "\n")
      #expect(said.count == lines.count, "\(outcome.error)")
      for (said, line) in zip(said, lines) {
        #expect(said.hasPrefix("edgectl: \(list):\(line): "), "\(said)")
      }
    }
  }

  @Test func rawSoundOnStandardInput() throws {
    let outcome = try Program(name: "edgectl-tools").run(
      ["classify", "-m", Repository.model, "-"], input: Data(repeating: 1, count: 32_000))
    #expect(outcome.status == 1)
    #expect(outcome.error.contains("standard input is not audio"), "\(outcome.error)")
    #expect(outcome.error.contains("raw samples need a header"), "\(outcome.error)")
  }

  @Test func aModel() throws {
    let manifest = try folder.file("list.tsv", "clip.wav\tangry\n")
    let missing = folder.path("model.edge")
    for (program, arguments) in [
      ("edgectl", ["inspect", missing]),
      ("edgectl-tools", ["classify", "-m", missing, "clip.wav"]),
      ("edgectl-tools", ["eval", missing, "--manifest", manifest]),
      ("edgectl-tools", ["quantize", missing, "-o", folder.path("o"), "--calibrate", "/tmp"]),
    ] {
      let sentence = try refusal(program, arguments)
      #expect(sentence.contains("\(missing): No such file or directory; name one that exists"))
    }
    if !FileManager.default.fileExists(atPath: LoadedModel.installedPath) {
      for command in ["bench", "inspect"] {
        #expect(try refusal("edgectl", [command]).contains(LoadedModel.installedPath))
      }
    }
    #expect(try refusal("edgectl", ["inspect", "/tmp"]).contains("it is not a file"))
    let arguments = ["quantize", "/tmp", "-o", folder.path("o"), "--calibrate", "/tmp"]
    #expect(try refusal("edgectl-tools", arguments).contains("it is a folder"))
  }

  @Test func aFolderToCalibrateOn() throws {
    let model = Repository.root.appending(path: "models/model.bin").path
    let arguments = [
      "quantize", model, "-o", folder.path("o"), "--calibrate", folder.path("clips"),
    ]
    let sentence = try refusal("edgectl-tools", arguments)
    #expect(sentence.contains("\(folder.path("clips")): No such file or directory"))
  }

  @Test(arguments: ["/nonexistent/set.safetensors", "/dev/full"])
  func aPlaceForFeatures(output: String) throws {
    let manifest = try folder.file("list.tsv", "clip.wav\n")
    let sentence = try refusal("edgectl-tools", ["features", "--manifest", manifest, "-o", output])
    #expect(sentence.contains("cannot write \(output)"))
  }

  @Test(.enabled(if: !FileManager.default.fileExists(atPath: "/dev/snd")))
  func aMicrophone() throws {
    let sentence = try refusal("edgectl", ["devices"])
    #expect(sentence.contains("plug in a microphone and try again"))
    #expect(!sentence.contains("edgectl devices"))
  }

  @Test(arguments: [
    (["/nonexistent/clip.wav"], [:], "no recording /nonexistent/clip.wav"),
    ([], ["BIN": "/nonexistent"], "no program /nonexistent/edged"),
    (["--fast"], [:], "unknown option"),
  ])
  func whatTheDemoIsToldToUse(
    arguments: [String], environment: [String: String], sentence: String
  ) throws {
    let words = environment.map { "\($0)=\($1)" } + [Repository.root.path + "/tools/demo"]
    let outcome = try Program.run(Program.onPath("env"), words + arguments)
    #expect(outcome.status == 1)
    #expect(outcome.error.hasPrefix("demo: ") && outcome.error.contains(sentence))
    #expect(outcome.error.split(separator: "\n").count == 1)
  }
}
