import JSON
import ModelFile
import Recognition
import Testing

@testable import Quantization

@Suite struct DetectorFileTests {
  /// A file with some sections changed or left out.
  private func changed(
    _ file: [UInt8], _ change: (SectionKind, [UInt8]) -> [UInt8]?
  ) throws -> [UInt8] {
    let memory = AlignedMemory(file)
    defer { withExtendedLifetime(memory) {} }
    let container = try ModelContainer(memory.bytes)
    var writer = ModelContainerWriter()
    for number in UInt32(1)...18 {
      guard let kind = SectionKind(rawValue: number), let section = container.section(kind) else {
        continue
      }
      if let bytes = change(kind, Array(section)) { writer.add(kind, bytes: bytes) }
    }
    return writer.file()
  }

  private func problem(_ file: [UInt8]) -> ModelProblem? {
    let memory = AlignedMemory(file)
    defer { withExtendedLifetime(memory) {} }
    do throws(ModelProblem) {
      _ = try Model(memory.bytes)
      return nil
    } catch { return error }
  }

  /// The fixture of a model, its speech cut by the fixture of a detector.
  private func model() throws -> [UInt8] {
    let detector = try DetectorFixture().loaded()
    let model = try FloatModel(FloatModelFixture().bytes()).cut(by: detector)
    return try Quantizer(
      model, contexts: .random(for: model, count: 4), detector: detector
    ).run().file
  }

  @Test func whatWasWrittenComesBack() throws {
    let fixture = DetectorFixture()
    let (float, detector) = (try fixture.model(), try fixture.loaded())
    let network = try #require(detector.network)
    #expect(network.parameters == float.detector)
    #expect(network.features.coefficients == 12)
    #expect(network.program.inputChannels == 12)
    #expect(detector.parameters == float.recognition)
    #expect(detector.parameters.detector.hasNetwork)
    #expect(detector.frontEnd.definition == float.frontEnd)
    #expect(detector.card["name"]?.string == "fixture")
    #expect(detector.sections.map(\.kind) == SectionKind.ofDetector)
  }

  @Test func aModelsFileHoldsTheDetectorThatCutItsSpeech() throws {
    let detector = try DetectorFixture().loaded()
    let memory = AlignedMemory(try model())
    defer { withExtendedLifetime(memory) {} }
    let model = try Model(memory.bytes)
    #expect(model.recognition.parameters.detector == detector.parameters.detector)
    #expect(model.recognition.detector?.parameters == detector.network?.parameters)
    let own = try DetectorFixture.load(Array(memory.bytes))
    #expect(own.sections.map(\.bytes) == detector.sections.map(\.bytes))
  }

  @Test func aDetectorsFileIsNoModelAndAModelWithoutNetworkNoDetector() throws {
    #expect(problem(try DetectorFixture().converted()) == .missing(.features))
    let model = try FloatModel(FloatModelFixture().bytes())
    let plain = try DetectorFixture.load(
      Quantizer(model, contexts: .random(for: model, count: 4)).run().file)
    #expect(plain.network == nil)
    #expect(throws: DetectorMismatch.noNetwork(path: plain.path)) { try model.cut(by: plain) }
  }

  @Test func everyMissingOrDamagedSectionIsRefused() throws {
    let good = try model()
    #expect(problem(good) == nil)
    for kind in SectionKind.ofDetector {
      let without = try changed(good) { $0 == kind ? nil : $1 }
      #expect(problem(without) == .missing(kind))
      // Weights may be followed by more; everything else has its size.
      let resized = try changed(good) { found, bytes in
        guard found == kind else { return bytes }
        return kind == .detectorWeights ? bytes.dropLast(64) : bytes + [0, 0, 0, 0]
      }
      #expect(problem(resized) != nil, "\(kind)")
    }
    let reversed = try changed(good) { kind, bytes in
      kind == .detector ? Array(bytes[4..<8] + bytes[0..<4] + bytes[8...]) : bytes
    }
    #expect(problem(reversed) == .detectorThresholds)
    let energetic = try changed(good) { kind, bytes in
      guard kind == .recognition else { return bytes }
      var parameters = bytes.withUnsafeBytes { $0.loadUnaligned(as: RecognitionParameters.self) }
      parameters.detector = .standard
      return withUnsafeBytes(of: parameters) { Array($0) }
    }
    #expect(problem(energetic) == .detectorUnused)
    for bands in [Int32(0), 39, 41] {
      let narrow = try changed(good) { kind, bytes in
        kind == .detectorFeatures ? withUnsafeBytes(of: bands) { Array($0) } + bytes[4...] : bytes
      }
      guard case .detectorFeatures(.shape) = problem(narrow) else {
        Issue.record("\(String(describing: problem(narrow)))")
        continue
      }
    }
    let wild = try changed(good) { kind, bytes in
      kind == .detectorTensors ? Array(repeating: 0, count: bytes.count) : bytes
    }
    guard case .detectorProgram = problem(wild) else {
      Issue.record("\(String(describing: problem(wild)))")
      return
    }
  }

  @Test func aDetectorCannotCentreATalkerOfWhomItIsNotTold() {
    var fixture = DetectorFixture()
    fixture.centreItsLastLayer()
    let problem = #expect(throws: FloatModelProblem.self) { try fixture.model() }
    #expect(problem?.description.contains("a speech detector knows no talkers") == true)
  }

  @Test func aKnownAnswerThatDoesNotComeOutIsRefused() throws {
    let wrong = try changed(DetectorFixture().converted()) { kind, bytes in
      kind == .detectorKnownLogits ? [bytes[0] ^ 1] + bytes[1...] : bytes
    }
    let problem = try #require(throws: ModelLoadProblem.self) {
      try DetectorFixture.load(wrong)
    }
    guard case .invalid(_, .knownAnswer) = problem else { throw problem }
  }

  @Test func bandsThatDifferAreRefused() throws {
    var other = FloatModelFixture()
    other.change("front_end") { $0["fmax"] = 7000 }
    let detector = try DetectorFixture().loaded()
    let model = try FloatModel(other.bytes())
    #expect(throws: DetectorMismatch.frontEnd(path: detector.path)) { try model.cut(by: detector) }
  }

  @Test func aModelThatNeedsADetectorSaysSo() throws {
    var fixture = FloatModelFixture()
    fixture.change("recognition") { $0["detector"] = ["kind": "network", "version": 2] }
    let model = try FloatModel(fixture.bytes())
    #expect(throws: DetectorMismatch.missing) { try model.checkDetector(nil) }
    try model.cut(by: DetectorFixture().loaded()).checkDetector(DetectorFixture().loaded())
  }

  @Test func contradictionsInTheDocumentAreRefused() throws {
    func refused(_ body: (inout JSONObject) -> Void) -> Bool {
      var fixture = DetectorFixture()
      fixture.change(body)
      do { _ = try fixture.model() } catch { return error is FloatModelProblem }
      return false
    }
    #expect(!refused { _ in })
    #expect(refused { $0["keep"] = 0.75 })
    #expect(refused { $0["open"] = 41 })
    #expect(refused { $0["version"] = 1 })
    #expect(refused { $0["gate_keep_db"] = 3.5 })
    #expect(refused { $0["confirm_ms"] = 0 })
    #expect(refused { $0["confirm_ms"] = 45 })
    #expect(refused { $0["threshold"] = 1 })
    var three = DetectorFixture(classes: 3)
    #expect(throws: FloatModelProblem.self) { try three.model() }
    three.document["classes"] = ["noise", "speech"]
    #expect(throws: FloatModelProblem.self) { try three.model() }
  }
}
