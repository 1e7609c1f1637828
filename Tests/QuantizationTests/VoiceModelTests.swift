import JSON
import TestSupport
import Testing

@testable import Quantization

@Suite struct VoiceModelTests {
  /// The fixture with voice features and twenty running means: 40 + 58 + 20 columns.
  private func fixture() -> FloatModelFixture {
    var fixture = FloatModelFixture()
    var generator = SplitMix(seed: 1)
    func values(_ count: Int, _ scale: Double, around mean: Double = 0) -> [Double] {
      (0..<count).map { _ in mean + scale * generator.normal() }
    }
    fixture.change("front_end") {
      $0["extras"] = ["voice"]
      $0["running_means"] = 20
    }
    fixture.file.tensors.removeAll {
      ["mean", "deviation", "baseline", "conv1.weight"].contains($0.name)
    }
    let means: [Double] = values(98, 1) + values(20, 0.1)
    func deviation(_ column: Int) -> Double {
      let place = column < 98 ? column : column - 98
      return 0.5 + Double(place % 4) / 2
    }
    let deviations: [Double] = (0..<118).map(deviation)
    fixture.file.tensors += [
      ("mean", [118], means), ("deviation", [118], deviations),
      ("baseline", [98], values(98, 1, around: 3)),
      ("conv1.weight", [16, 118, 5], values(16 * 118 * 5, 0.06)),
    ]
    return fixture
  }

  @Test func readsItsColumnsAndItsBaseline() throws {
    let model = try FloatModel(fixture().bytes())
    #expect(model.frontEnd.extras == .voice && model.frontEnd.runningMeans == 20)
    #expect(model.frontEnd.rawCount == 98 && model.frontEnd.columns == 118)
    #expect(model.corpusMean.count == 98)
    #expect(model.graph.tensors[0].channels == 118)
  }

  @Test func withoutExtrasTheLevelHasNoMean() throws {
    let model = try FloatModel(FloatModelFixture().bytes())
    #expect(model.corpusMean.count == 41 && model.corpusMean[40] == 0)
  }

  @Test func keepsItsLogitsInInt8() throws {
    let model = try FloatModel(fixture().bytes())
    let contexts = CalibrationContexts.random(for: model, count: 8)
    let report = try Quantizer(model, contexts: contexts).run().report
    #expect(report.logitSignalToNoise >= 35, "\n\(report.text)")
  }

  @Test func refusesExtrasThatItDoesNotKnow() {
    var fixture = fixture()
    fixture.change("front_end") { $0["extras"] = ["voice", "smell"] }
    #expect(
      throws: FloatModelProblem.notAllowed(
        place: "front_end.extras", found: "\"smell\"",
        allowed:
          "“voice”, “zero_crossings”, “rms”, “chroma”, “contrast”, “tonnetz”, “mel”, “deltas”, “delta_deltas”"
      )
    ) {
      try FloatModel(fixture.bytes())
    }
  }
}
