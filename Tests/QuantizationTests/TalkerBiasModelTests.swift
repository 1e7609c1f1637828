import Evaluation
import Glibc
import JSON
import ModelFile
import Recognition
import Testing

@testable import Quantization

@Suite struct TalkerBiasModelTests {
  private static let means = [3.0, -1, -2, 0.5, 2, 0, -4, 1, 6]

  /// The fixture with what a talker's bias is measured against; `temperature` is the model's.
  private func fixture(
    temperature: Double = 1.25, shape: [Int] = [3, 3], means: [Double] = Self.means
  ) -> FloatModelFixture {
    var fixture = FloatModelFixture()
    fixture.file.tensors.append(
      ("bias.means", shape, Array(means.prefix(shape.reduce(1, *)))))
    fixture.document["temperature"] = .number(temperature)
    fixture.change("recognition") {
      $0["bias"] = ["segments": 20, "prior": 9, "variance": 1.5, "means": "bias.means"]
    }
    return fixture
  }

  @Test func comesInTheDevicesUnits() throws {
    let model = try FloatModel(fixture().bytes())
    let bias = try #require(model.bias)
    #expect(bias.segments == 20 && bias.prior == 9 && bias.variance == 1.5)
    #expect(bias.means == TalkerBiasModelTests.means)
    let record = try #require(model.biasSection)
    // 2^(logit/65536) are odds: exp((l / 1.25)) has l = 1.25·ln 2 for a factor of 2.
    let unit: Double = 1.25 * log(2.0)
    #expect(record[0] == 20 && record[1] == 9)
    #expect(abs(Double(record[2]) / 65_536 - log(2.0) * 1.25 * 1.25 / 1.5) < 1e-5)
    for (index, mean) in [3, -1, -2, -1.0 / 3, 7.0 / 6, -5.0 / 6, -5, 0, 5].enumerated() {
      #expect(abs(Double(record[3 + index]) / 65_536 - mean / unit) < 1e-5)
    }
    #expect(try FloatModel(FloatModelFixture().bytes()).biasSection == nil)
  }

  @Test func isInTheFileThatTheDeviceReads() throws {
    let model = try FloatModel(fixture().bytes())
    let contexts = CalibrationContexts.random(for: model, count: 4)
    let file = try Quantizer(model, contexts: contexts).run().file
    let memory = AlignedMemory(file)
    defer { withExtendedLifetime(memory) {} }
    let tables = try #require(Model(memory.bytes).recognition.bias)
    let record = try #require(model.biasSection)
    #expect(tables.sharpness == record[2])
    #expect((0..<9).map { tables.means[$0] } == Array(record[3...]))
  }

  @Test(arguments: [(0.001, "variance"), (400.0, "variance"), (0.02, "means")])
  func whatTheDeviceCannotHoldIsRefused(temperature: Double, key: String) {
    var fixture = fixture(temperature: temperature)
    fixture.change("recognition") {
      let variance = key == "means" ? temperature * temperature : 1.5
      $0["bias"] = [
        "segments": 20, "prior": 9, "variance": .number(variance), "means": "bias.means",
      ]
    }
    let problem = #expect(throws: FloatModelProblem.self) { try FloatModel(fixture.bytes()) }
    guard case .contradiction("recognition.bias.\(key)", _)? = problem else {
      Issue.record("\(String(describing: problem))")
      return
    }
  }

  @Test(arguments: [
    ("segments", JSONValue.integer(0)), ("segments", .integer(65)), ("prior", .integer(0)),
    ("variance", .number(0)), ("means", "nowhere"), ("sharpness", .integer(1)),
  ]) func refusesWhatItCannotRun(key: String, value: JSONValue) {
    var fixture = fixture()
    fixture.change("recognition") { recognition in
      guard var bias = recognition["bias"]?.object else { return }
      bias[key] = value
      recognition["bias"] = .object(bias)
    }
    let problem = #expect(throws: FloatModelProblem.self) { try FloatModel(fixture.bytes()) }
    #expect(problem?.description.contains("recognition.bias.\(key)") == true)
  }

  @Test(arguments: [
    [Double](repeating: 0, count: 9),
    // What is heard when the next class is said to be.
    Array(means[3...]) + means[..<3],
  ]) func refusesMeansThatTellNoClassFromAnother(means: [Double]) {
    let problem = #expect(throws: FloatModelProblem.self) {
      try FloatModel(fixture(means: means).bytes())
    }
    #expect(problem?.description.contains("recognition.bias.means: over all classes") == true)
  }

  @Test func namesTheNumberThatIsNotWhole() {
    var fixture = fixture()
    fixture.change("recognition") {
      $0["bias"] = ["segments": 20, "prior": 1.5, "variance": 1.5, "means": "bias.means"]
    }
    let problem = #expect(throws: FloatModelProblem.self) { try FloatModel(fixture.bytes()) }
    #expect(
      problem?.description
        == "recognition.bias.prior is 1.5 and must be a whole number from 1 to 64.")
  }

  @Test func refusesAnotherNumberOfMeans() {
    let problem = #expect(throws: FloatModelProblem.self) {
      try FloatModel(fixture(shape: [3, 2]).bytes())
    }
    #expect(
      problem
        == .shape(
          place: "recognition.bias.means", name: "bias.means", expected: [3, 3], found: [3, 2]))
  }
}
