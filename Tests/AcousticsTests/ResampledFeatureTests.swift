import Acoustics
import Foundation
import Reference
import TestSupport
import Testing

/// `samples` converted by SoX's very high quality, which few resamplers surpass.
private func converted(_ samples: [Int16], from rate: Int, to target: Int) throws -> [Int16] {
  let folder = TemporaryFolder()
  let input = try folder.file("in.raw", samples.withUnsafeBytes { Data($0) })
  let output = folder.path("out.raw")
  let format = ["-t", "raw", "-e", "signed", "-b", "16", "-c", "1"]
  let process = Process()
  process.executableURL = URL(fileURLWithPath: "/usr/bin/sox")
  process.arguments =
    ["-D"] + format + ["-r", "\(rate)", input] + format
    + [output, "rate", "-v", "\(target)"]
  try process.run()
  process.waitUntilExit()
  try #require(process.terminationStatus == 0)
  return try Data(contentsOf: URL(fileURLWithPath: output)).withUnsafeBytes {
    Array($0.bindMemory(to: Int16.self))
  }
}

/// Needs SoX; with `EDGED_CORPUS` it measures on recorded clips, else on synthesized speech.
@Suite(.enabled(if: FileManager.default.fileExists(atPath: "/usr/bin/sox")))
struct ResampledFeatureTests {
  @Test(arguments: [48000, 44100, 32000, 96000])
  func featuresEqualThoseOfTheBestResampler(rate: Int) throws {
    let recorded = Speech.corpus(count: 20)
    let clips = recorded.isEmpty ? Speech.synthetic : recorded
    let definition = FrontEndDefinition()
    let frontEnd = try FixedFrontEnd(definition)
    let ones = [Double](repeating: 1, count: 40)
    var ours: [[Double]] = []
    var best: [[Double]] = []
    for clip in clips {
      let played = try converted(clip, from: 16000, to: rate)
      let rows = frontEnd.raw(try resampled(played, from: rate))
      let others = frontEnd.raw(try converted(played, from: rate, to: 16000))
      let spoken = SignalToNoise.speech(levels: others.map { Double($0[40]) / 65536 })
      func cepstra(_ rows: [[Int32]]) throws -> [[Double]] {
        let kept = zip(rows, spoken).filter(\.1).map(\.0)
        return try mapped(kept, definition: definition, means: ones, deviations: ones).cepstra.map {
          $0.map { Double($0) / 65536 }
        }
      }
      // The last milliseconds of a stream stay in the filter.
      let count = min(rows.count, others.count)
      ours += try cepstra(Array(rows.prefix(count)))
      best += try cepstra(Array(others.prefix(count)))
    }
    var difference = 0.0
    for column in 0..<40 {
      let values = best.map { $0[column] }
      let mean = values.reduce(0, +) / Double(values.count)
      let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
      let distance = zip(ours, best).reduce(0) { $0 + abs($1.0[column] - $1.1[column]) }
      difference += distance / Double(values.count) / variance.squareRoot() / 40
    }
    print("features after \(rate) Hz against SoX: \(String(format: "%.4f", difference)) σ")
    #expect(difference < 0.01)
  }
}
