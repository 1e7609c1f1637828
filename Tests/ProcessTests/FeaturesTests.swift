import Foundation
import Testing

/// `edgectl-tools features` as a person runs it.
@Suite struct FeaturesTests {
  /// A tone of a tenth of full scale, 300 ms at 16 kHz.
  private let samples: [Int16] = (0..<4800).map {
    Int16((3276.8 * sin(2 * Double.pi * 440 * Double($0) / 16_000)).rounded())
  }

  @Test func recordingKeepsItsLevelWhetherItIsStoredAsIntegersOrFloats() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let integers = folder.appending(path: "integers.wav")
    let floats = folder.appending(path: "floats.wav")
    try wav(format: 1, bytesPerSample: 2, samples.flatMap { bytes($0) }).write(to: integers)
    try wav(
      format: 3, bytesPerSample: 4, samples.flatMap { bytes((Float($0) / 32_768).bitPattern) }
    )
    .write(to: floats)
    let expected = try frames(of: integers)
    #expect(expected.count == 28)
    #expect(try frames(of: floats) == expected)
    // The mean square of a sine of amplitude A is A²/2.
    let level = Double(try #require(expected[14].last)) / 65_536
    #expect(abs(level - log(3276.8 * 3276.8 / 2)) < 0.01)
  }

  private func frames(of recording: URL) throws -> [[Int]] {
    let outcome = try Program(name: "edgectl-tools").run(["features", recording.path])
    #expect(outcome.status == 0, "\(outcome.error)")
    return try outcome.lines.map { line in
      let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
      return try #require(object?["raw"] as? [Int])
    }
  }

  private func bytes(_ value: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: value.littleEndian) { Array($0) }
  }

  /// A mono WAV file at 16 kHz, as Microsoft's RIFF specification has it.
  private func wav(format: UInt16, bytesPerSample: UInt32, _ data: [UInt8]) -> Data {
    var file = Array("RIFF".utf8) + bytes(UInt32(36 + data.count)) + Array("WAVEfmt ".utf8)
    file += bytes(UInt32(16)) + bytes(format) + bytes(UInt16(1)) + bytes(UInt32(16_000))
    file += bytes(16_000 * bytesPerSample) + bytes(UInt16(bytesPerSample))
    file += bytes(UInt16(bytesPerSample * 8)) + Array("data".utf8) + bytes(UInt32(data.count))
    return Data(file + data)
  }
}
