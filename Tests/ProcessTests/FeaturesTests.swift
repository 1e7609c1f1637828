import Foundation
import TestSupport
import Testing

/// `edgectl-tools features` as a person runs it.
@Suite(.waiting) struct FeaturesTests {
  /// A tone of a tenth of full scale, 300 ms at 16 kHz.
  private let samples: [Int16] = (0..<4800).map {
    Int16((3276.8 * sin(2 * Double.pi * 440 * Double($0) / 16_000)).rounded())
  }

  private let folder = TemporaryFolder()

  @Test func recordingKeepsItsLevelWhetherItIsStoredAsIntegersOrFloats() throws {
    let integers = try folder.file("integers.wav", wave(data: samples.flatMap { bytes($0) }))
    let values = samples.flatMap { bytes((Float($0) / 32_768).bitPattern) }
    let floats = try folder.file("floats.wav", wave(bits: 32, tag: 3, data: values))
    let expected = try frames(of: integers)
    #expect(expected.count == 28)
    #expect(try frames(of: floats) == expected)
    // The mean square of a sine of amplitude A is A²/2.
    let level = Double(try #require(expected[14].last)) / 65_536
    #expect(abs(level - log(3276.8 * 3276.8 / 2)) < 0.01)
  }

  /// What a model's document says of a front end with voice features.
  private let voice = """
    {"sample_rate": 16000, "frame": 400, "hop": 160, "fft": 512, "window": "hann", "bands": 64, "fmin": 40,
     "fmax": 7600, "coefficients": 40, "extras": ["voice"], "running_means": 20}
    """

  @Test func listIsWrittenInItsOrderByAnyNumberOfThreadsWithTheFrontEndThatIsAskedFor() throws {
    let definition = try folder.file("front_end.json", voice)
    // Clips of 28, 27, 26 … frames, so that any other order would show.
    let names = (0..<20).map { "\($0).wav" }
    for (index, name) in names.enumerated() {
      let clip = samples.prefix(4800 - 160 * index)
      try folder.file(name, wave(data: clip.flatMap { bytes($0) }))
    }
    let list = try folder.file("list.tsv", names.map { "\($0)\t0.95\n" }.joined())
    let program = Program(name: "edgectl-tools")
    var files: [Data] = []
    for jobs in [1, 3] {
      let output = folder.path("\(jobs).safetensors")
      let outcome = try program.run([
        "features", "--front-end", definition, "--manifest", list, "--output", output, "--jobs",
        "\(jobs)",
      ])
      #expect(outcome.status == 0, "\(outcome.error)")
      files.append(try Data(contentsOf: URL(fileURLWithPath: output)))
    }
    #expect(files[0] == files[1])
    let length = files[0].prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
    let header = try JSONSerialization.jsonObject(with: files[0].dropFirst(8).prefix(length))
    let tensors = try #require(header as? [String: [String: Any]])
    let frames = (0..<20).reduce(0) { $0 + 28 - $1 }
    #expect(tensors["raw"]?["shape"] as? [Int] == [frames, 64 + 1 + 57])
    let place = try #require(tensors["offsets"]?["data_offsets"] as? [Int])
    let offsets = files[0].dropFirst(8 + length + place[0]).prefix(place[1] - place[0])
    let second = offsets.dropFirst(8).prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
    #expect(second == 28)
  }

  @Test func frontEndThatCannotBeIsRefusedInASentence() throws {
    for (text, complaint) in [
      (voice.replacing("512", with: "500"), "fft is 500 and may be 512, 1024 or 2048"),
      (voice.replacing("voice", with: "smell"), "smell"),
      ("bands = 64", "not valid JSON"),
    ] {
      let definition = try folder.file("front_end.json", text)
      let outcome = try Program(name: "edgectl-tools").run([
        "features", "--front-end", definition, "absent.wav",
      ])
      #expect(outcome.status != 0)
      #expect(outcome.error.contains(complaint) && outcome.error.contains("front_end"))
    }
  }

  private func frames(of recording: String) throws -> [[Int]] {
    let outcome = try Program(name: "edgectl-tools").run(["features", recording])
    #expect(outcome.status == 0, "\(outcome.error)")
    return try outcome.lines.map { line in
      let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
      return try #require(object?["raw"] as? [Int])
    }
  }

  private func bytes(_ value: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: value.littleEndian) { Array($0) }
  }
}
