import ModelFile
import Testing

@testable import Quantization
@testable import Recognition

@Suite struct NetworkDetectorTests {
  /// What a network says of all frames, asked only about those for which `isAsked`.
  private func verdicts(
    _ detector: LoadedDetector, _ frames: DetectorFrames,
    where isAsked: (Int) -> Bool = { _ in true }
  ) throws -> [EnergyDetector.Activity?] {
    let tables = try #require(detector.network)
    let memory = ArenaMemory { _ = NetworkDetector(tables, arena: &$0) }
    defer { withExtendedLifetime((memory, detector)) {} }
    var arena = memory.arena()
    var network = NetworkDetector(tables, arena: &arena)
    network.restart()
    var verdicts: [EnergyDetector.Activity?] = []
    frames.forEach { frame in
      network.push(frame)
      verdicts.append(isAsked(verdicts.count) ? network.judge() : nil)
    }
    return verdicts
  }

  @Test func verdictsDoNotDependOnWhichFramesAreAskedAbout() throws {
    let fixture = DetectorFixture()
    let frames = try DetectorFrames(fixture, seed: 11)
    let detector = try fixture.loaded()
    let all = try verdicts(detector, frames)
    #expect(Set(all).count == 3, "the fixture must hear all there is to hear")
    for period in [2, 7, 16, 17, 40] {
      let some = try verdicts(detector, frames) { $0 % period == period - 1 }
      for (asked, heard) in zip(some, all) where asked != nil { #expect(asked == heard) }
    }
  }

  @Test(arguments: UInt64(1)...3) func verdictsAreThoseOfTheFloatNetwork(seed: UInt64) throws {
    let fixture = DetectorFixture(seed: seed)
    let model = try fixture.model()
    let thresholds = try #require(model.detector)
    let frames = try DetectorFrames(fixture, seed: seed + 20)
    let found = try verdicts(fixture.loaded(), frames)
    let float = FloatNetwork(model)
    let rows = float.features(frames.values)
    var equal = 0
    for frame in 0..<frames.count {
      // The network's verdict depends on 13 frames; before the first there are zeros.
      let start = max(0, frame - 40) * rows.channels
      var past = rows
      past.values = Array(rows.values[start..<(frame + 1) * rows.channels])
      let logits = float.graph.logits(past)
      let odds = (logits[1] - logits[0]) * 1.442_695_040_888_963_4 * 65_536
      let expected: EnergyDetector.Activity =
        odds > Double(thresholds.open) ? .strong : odds > Double(thresholds.keep) ? .weak : .quiet
      if found[frame] == expected { equal += 1 }
    }
    #expect(Double(equal) >= 0.97 * Double(frames.count), "\(equal) of \(frames.count)")
  }
}
