import Glibc
import JSON
import ModelFile
import Reference
import TestSupport
import Testing

@testable import Quantization

/// The feature sets that published systems use, stated in a model file and carried to int8.
@Suite struct SeedModelTests {
  /// The fixture with other features: `bands`, 20 coefficients and `extras`, windows of 128 ms.
  private func fixture(
    bands: Int, extras: [String], raw: Int, columns: Int, seed: UInt64
  ) -> FloatModelFixture {
    var fixture = FloatModelFixture()
    var generator = SplitMix(seed: seed)
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
    var means = values(columns, 1)
    var deviations = (0..<columns).map { 0.5 + Double($0 % 4) / 2 }
    if extras.contains("mel") {
      // The contexts are made of coefficients: bands are what these make of them.
      let rows = CosineTransform(bands: bands, coefficients: 20).rows
      for band in 0..<bands {
        means[20 + band] = rows.indices.reduce(0) { $0 + rows[$1][band] * means[$1] }
        let squares = rows.indices.map { pow(rows[$0][band] * deviations[$0], 2) }
        deviations[20 + band] = squares.reduce(0, +).squareRoot()
      }
    }
    fixture.file.tensors += [
      ("mean", [columns], means), ("deviation", [columns], deviations),
      ("baseline", [raw], values(raw, 1, around: 3)),
      ("conv1.weight", [16, columns, 5], values(16 * columns * 5, 0.05)),
    ]
    return fixture
  }

  /// What the network hears and what it says is as in float. How far logits of random weights are
  /// apart from context to context is chance, so that noise is measured in probability: 0.1 of a
  /// natural logit moves none by more than 0.05.
  private func check(_ fixture: FloatModelFixture, columns: Int) throws {
    let model = try FloatModel(fixture.bytes())
    #expect(model.frontEnd.columns == columns && model.graph.tensors[0].channels == columns)
    let contexts = CalibrationContexts.random(for: model, count: 8)
    let report = try Quantizer(model, contexts: contexts).run().report
    for (name, decibels) in [("features", 36.0), ("hidden+relu3", 30)] {
      let layer = try #require(report.layers.first { $0.name == name })
      #expect(layer.signalToNoise >= decibels, "\n\(report.text)")
    }
    let error = report.logitPairs.map { abs($0.float - $0.integer) }.max() ?? .infinity
    #expect(error < 0.1, "\n\(report.text)")
  }

  @Test(arguments: 1...3) func coefficientsChromaMelContrastAndTonnetz(seed: UInt64) throws {
    try check(
      fixture(
        bands: 64, extras: ["chroma", "mel", "contrast", "tonnetz"], raw: 64 + 1 + 25,
        columns: 20 + 64 + 25, seed: seed),
      columns: 109)
  }

  @Test(arguments: 1...3) func crossingsLoudnessAndCoefficients(seed: UInt64) throws {
    try check(
      fixture(
        bands: 40, extras: ["zero_crossings", "rms"], raw: 43, columns: 22, seed: seed),
      columns: 22)
  }

  @Test(arguments: 1...3) func coefficientsWithBothDeltas(seed: UInt64) throws {
    try check(
      fixture(
        bands: 40, extras: ["deltas", "delta_deltas"], raw: 40, columns: 60, seed: seed),
      columns: 60)
  }

  @Test func secondSlopesNeedTheFirst() {
    let fixture = fixture(bands: 40, extras: ["delta_deltas"], raw: 40, columns: 40, seed: 1)
    #expect(throws: FloatModelProblem.self) { try FloatModel(fixture.bytes()) }
  }
}
