import JSON
import ModelFile
import Testing

@testable import Quantization

@Suite struct QuantizerTests {
  private func result(
    seed: UInt64 = 1, contexts: Int = 12
  ) throws -> Quantizer.Result {
    let model = try FloatModel(FloatModelFixture(seed: seed).bytes())
    return try Quantizer(model, contexts: .random(for: model, count: contexts)).run()
  }

  @Test(arguments: UInt64(1)...4) func randomNetworksKeepTheirLogits(seed: UInt64) throws {
    let report = try result(seed: seed).report
    #expect(report.logitSignalToNoise >= 35, "\n\(report.text)")
    #expect(report.agreement >= 0.95, "\n\(report.text)")
    #expect(report.layers.allSatisfy { $0.signalToNoise > 25 }, "\n\(report.text)")
  }

  @Test func theSameInputsGiveTheSameBytes() throws {
    #expect(try result(contexts: 5).file == result(contexts: 5).file)
  }

  @Test func theReportCountsWhatTheNetworkDoes() throws {
    let report = try result(contexts: 5).report
    let conv1 = try #require(report.layers.first { $0.name == "conv1+bn1+relu1" })
    #expect(conv1.multiplications == 16 * 40 * 5)
    #expect(conv1.rate == 2)
    #expect(conv1.weightCodes.reduce(0, +) == 16 * 40 * 5)
    #expect(report.multiplicationsPerDecision == 12 * 120 + 3 * 12)
    #expect(report.contexts == 5)
    #expect(!report.passes(minimumAgreement: 1.1, minimumSignalToNoise: 0))
    #expect(!report.passes(minimumAgreement: 0, minimumSignalToNoise: 300))
    #expect(report.passes(minimumAgreement: 0.9, minimumSignalToNoise: 30))
  }

  @Test func withoutSpeechThereIsNothingToCalibrate() throws {
    let model = try FloatModel(FloatModelFixture().bytes())
    #expect(throws: QuantizationProblem.noSpeech) {
      try Quantizer(model, contexts: CalibrationContexts(width: 41))
    }
  }

  @Test func whatNoDeviceReadsIsRefusedBeforeItIsCalibrated() throws {
    var model = try FloatModel(FloatModelFixture().bytes())
    let size = LoadedModel.maximumSize + 1
    model.graph.parameters[0] = .matrix(weights: Array(repeating: 0, count: size), bias: [])
    let weights = model.graph.parameters.flatMap(\.matrices).reduce(0) { $0 + $1.count }
    #expect(throws: QuantizationProblem.tooLarge(size: weights)) {
      try Quantizer(model, contexts: .random(for: model, count: 1))
    }
    #expect(throws: QuantizationProblem.tooLarge(size: size)) {
      try CheckedModel(AlignedMemory(Array(repeating: 0, count: size)))
    }
  }

  /// The gate passes such a network: all of its contexts agree.
  @Test func theReportNamesTheOnlyAnswerOfADeadNetwork() throws {
    func model(scaling names: String, by factor: Double) throws -> FloatModel {
      var fixture = FloatModelFixture(seed: 3)
      fixture.file.tensors = fixture.file.tensors.map {
        $0.name.hasSuffix(names) ? ($0.name, $0.shape, $0.values.map { $0 * factor }) : $0
      }
      return try FloatModel(fixture.bytes())
    }
    func report(_ model: FloatModel, _ count: Int) throws -> QuantizationReport {
      var contexts = CalibrationContexts.random(for: model, count: count)
      contexts.contexts = contexts.contexts.map { Array($0.prefix(24 * contexts.width)) }
      return try Quantizer(model, contexts: contexts).run(jobs: 2).report
    }
    let dead = try model(scaling: "weight", by: 0)
    let said = try report(dead, 20)
    #expect(said.passes(minimumAgreement: 0.99, minimumSignalToNoise: 35))
    let label = try #require(said.onlyLabel)
    #expect(dead.classes.map(\.label).contains(label))
    let words = "\(label) in all 20 contexts"
    #expect(said.text.contains(words))
    #expect(said.html(minimumAgreement: 0.99, minimumSignalToNoise: 35).contains(words))
    #expect(said.json["only_label"]?.string == label)
    #expect(try report(dead, 19).onlyLabel == nil, "as few may be of one label")
    let other = try report(model(scaling: "hidden.weight", by: 20), 20)
    #expect(other.onlyLabel == nil && other.json["only_label"] == nil)
    #expect(!other.text.contains("only answer"))
  }

  @Test func theReportReadsAsJSONAndAsAPage() throws {
    let report = try result(contexts: 5).report
    let json = try JSONValue(parsing: report.json.description)
    #expect(json["layers"]?.array?.count == report.layers.count)
    let page = report.html(minimumAgreement: 0.99, minimumSignalToNoise: 35)
    #expect(page.contains("<svg") && page.hasSuffix("</html>\n"))
    #expect(!page.contains("http"), "the page needs nothing from anywhere else")
    for tag in ["svg", "figure", "table", "div", "dl", "tr", "td", "text"] {
      let opened = page.components(of: "<\(tag)>") + page.components(of: "<\(tag) ")
      #expect(opened == page.components(of: "</\(tag)>"), "\(tag)")
    }
  }
}

extension String {
  /// How often `part` occurs.
  fileprivate func components(of part: String) -> Int {
    var count = 0
    var rest = self[...]
    while let range = rest.firstRange(of: part) {
      count += 1
      rest = rest[range.upperBound...]
    }
    return count
  }
}
