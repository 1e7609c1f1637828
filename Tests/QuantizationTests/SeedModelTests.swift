import JSON
import ModelFile
import Testing

@testable import Quantization

/// The feature sets that published systems use, stated in a model file and carried to int8.
@Suite struct SeedModelTests {
  /// The fixture with other features: `bands`, 20 coefficients and `extras`, windows of 128 ms.
  private func fixture(bands: Int, extras: [String], raw: Int, columns: Int) -> FloatModelFixture {
    var fixture = FloatModelFixture()
    var generator = Xorshift()
    func values(_ count: Int, _ scale: Double, around mean: Double = 0) -> [Double] {
      (0..<count).map { _ in mean + scale * generator.normal() }
    }
    fixture.change("front_end") {
      $0["frame"] = 2048
      $0["hop"] = 160
      $0["fft"] = 2048
      $0["bands"] = .integer(bands)
      $0["coefficients"] = 20
      $0["extras"] = .array(extras.map { .string($0) })
    }
    fixture.file.tensors.removeAll {
      ["mean", "deviation", "baseline", "conv1.weight"].contains($0.name)
    }
    fixture.file.tensors += [
      ("mean", [columns], values(columns, 1)),
      ("deviation", [columns], (0..<columns).map { 0.5 + Double($0 % 4) / 2 }),
      ("baseline", [raw], values(raw, 1, around: 3)),
      ("conv1.weight", [16, columns, 5], values(16 * columns * 5, 0.05)),
    ]
    return fixture
  }

  private func check(_ fixture: FloatModelFixture, columns: Int) throws {
    let model = try FloatModel(fixture.bytes())
    #expect(model.frontEnd.columns == columns && model.graph.tensors[0].channels == columns)
    let contexts = CalibrationContexts.random(for: model, count: 8)
    let report = try Quantizer(model, contexts: contexts, rule: .max).run().report
    #expect(report.logitSignalToNoise >= 30, "\n\(report.text)")
  }

  @Test func coefficientsChromaMelContrastAndTonnetz() throws {
    try check(
      fixture(
        bands: 64, extras: ["chroma", "mel", "contrast", "tonnetz"], raw: 64 + 1 + 25,
        columns: 20 + 64 + 25),
      columns: 109)
  }

  @Test func crossingsLoudnessAndCoefficients() throws {
    try check(
      fixture(bands: 40, extras: ["zero_crossings", "rms"], raw: 43, columns: 22), columns: 22)
  }

  @Test func coefficientsWithBothDeltas() throws {
    try check(
      fixture(bands: 40, extras: ["deltas", "delta_deltas"], raw: 40, columns: 60), columns: 60)
  }

  @Test func secondSlopesNeedTheFirst() {
    let fixture = fixture(bands: 40, extras: ["delta_deltas"], raw: 40, columns: 40)
    #expect(throws: FloatModelProblem.self) { try FloatModel(fixture.bytes()) }
  }
}
