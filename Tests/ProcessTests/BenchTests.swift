import Foundation
import TestSupport
import Testing

/// `edgectl bench` as a person runs it.
@Suite(.waiting) struct BenchTests {
  private let edgectl = Program(name: "edgectl")

  @Test func tellsProgramsWhatItTellsPeople() throws {
    let outcome = try edgectl.run(["bench", Repository.model, "--json", "--rounds", "1"])
    #expect(outcome.status == 0, "\(outcome.error)")
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    for key in [
      "front_end", "features", "cepstrum", "network_by_1", "network_by_4", "decision", "speech",
    ] {
      let figure = try #require(object[key] as? [String: Any], "\(key)")
      #expect(try #require(figure["median_us"] as? Double) > 0)
    }
    #expect(try #require(object["arena_bytes"] as? Int) > 1000)
    let stages = try #require(object["stages"] as? [[String: Any]])
    #expect(stages.contains { $0["name"] as? String == "transform" })

    let text = try edgectl.run(["bench", Repository.model, "--rounds", "1"])
    for words in ["front end", "network, a second of speech", "a second without speech"] {
      #expect(text.output.contains(words))
    }
  }

  @Test func usesTheKernelsThatAreNamed() throws {
    let outcome = try edgectl.run(
      ["bench", Repository.model, "--kernels", "portable", "--rounds", "1"])
    let line = try #require(outcome.lines.first { $0.hasPrefix("kernels") })
    #expect(line.hasSuffix(" portable"))
  }

  @Test(arguments: [
    (["--kernels", "fast"], "this processor has portable"),
    (["--rounds", "0"], "--rounds must be between 1 and 10000"),
    (["--input", "/nonexistent.wav"], "/nonexistent.wav"),
  ]) func refusesInOneSentence(arguments: [String], words: String) throws {
    let outcome = try edgectl.run(["bench", Repository.model] + arguments)
    #expect(outcome.status != 0)
    #expect(outcome.error.contains(words), "\(outcome.error)")
  }

  @Test func aRecordingAtAnotherRateIsRefusedWithTheCommandThatConvertsIt() throws {
    let speech = Speech()
    let path = try speech.file(format: ["-r", "44100", "-b", "16", "-c", "1"])
    let outcome = try edgectl.run(["bench", Repository.model, "--input", path])
    #expect(outcome.status == 64)
    #expect(outcome.error.contains("sox \(path) -b 16 -r 16000 -c 1 out.wav"), "\(outcome.error)")
    #expect(outcome.error.contains("Usage: edgectl bench "), "\(outcome.error)")
    #expect(outcome.error.contains("See 'edgectl bench --help'"), "\(outcome.error)")
  }
}
