import Acoustics
import Inference
import JSON
import Quantization
import Recognition
import TestSupport
import Testing

@testable import ModelFile

/// A small model that was made by hand: the mean over time, then logits.
struct TinyModel {
  var frontEnd = FrontEndDefinition(bands: 20, coefficients: 12)
  var means = [Double](repeating: 1, count: 12)
  var deviations = [Double](repeating: 2, count: 12)
  var recognition = RecognitionParameters.standard
  var labels = [("angry_male", "angry"), ("neutral", "neutral")]
  var card: [UInt8] = Array(#"{"name":"tiny"}"#.utf8)
  var knownFrames = [Int32](repeating: 3 << 16, count: 8 * 21)
  var bias: [Int32] = []
  var gain: [Int32] = []
  var operators = [
    Operator(.meanPool, input: 0, output: 1, parameters: 0, parameterBytes: 64),
    Operator(
      .logits, input: 1, output: 2, parameters: 64, parameterBytes: UInt64(layout.byteCount)),
  ]
  var tensors = [
    Tensor(channels: 12, rate: 1, scale: 0.05, zeroPoint: 0),
    Tensor(channels: 12, rate: 0, scale: 0.05, zeroPoint: 0),
    Tensor(channels: 2, rate: 0),
  ]

  private static let layout = MatrixLayout(outputs: 2, depth: 12)

  /// The file; sections named in `leaving` are left out.
  func file(leaving: SectionKind? = nil, knownLogits: [Int32] = [0, 0]) throws -> [UInt8] {
    var writer = ModelContainerWriter()
    func add(_ kind: SectionKind, _ bytes: [UInt8]) {
      if kind != leaving { writer.add(kind, bytes: bytes) }
    }
    func add<Record: BitwiseCopyable>(_ kind: SectionKind, records: [Record]) {
      if kind != leaving { writer.add(kind, elements: records) }
    }
    add(.frontEnd, try FrontEndTables.section(for: frontEnd))
    add(
      .features,
      try FeatureTables.section(for: frontEnd, means: means, deviations: deviations))
    add(.recognition, records: [recognition])
    add(.corpusMean, records: [Int32](repeating: 12 << 16, count: 21))
    add(.operators, records: operators)
    add(.tensors, records: tensors)
    add(.weights, try weights())
    add(.labels, records: labels.compactMap { ClassLabel(name: $0.0, label: $0.1) })
    add(.card, card)
    add(.knownFrames, records: knownFrames)
    add(.knownLogits, records: knownLogits)
    if !bias.isEmpty { add(.talkerBias, records: bias) }
    if !gain.isEmpty { add(.knownTalkerGain, records: gain) }
    return writer.file()
  }

  private func weights() throws -> [UInt8] {
    let pool = try PoolConstants(inputScale: 0.05, outputScale: 0.05)
    let matrix = try QuantizedMatrix(
      weights: (0..<24).map { Double($0 % 7) - 3 }, bias: [0.5, -0.5],
      input: TensorGrid(scale: 0.05, zeroPoint: 0), outputSteps: 65536)
    let poolBytes = withUnsafeBytes(of: pool) { Array($0) }
    return poolBytes + Array(repeating: 0, count: 64 - poolBytes.count) + matrix.block()
  }

  /// The logits that the kernels make of the known frames.
  func trueLogits() throws -> [Int32] {
    let draft = try file()
    do throws(ModelProblem) {
      try checkKnownAnswer(of: draft)
      return [0, 0]
    } catch .knownAnswer(let index, _, let found) {
      let first = index == 0 ? found : 0
      let second = try file(knownLogits: [first, 0])
      do throws(ModelProblem) {
        try checkKnownAnswer(of: second)
        return [first, 0]
      } catch .knownAnswer(_, _, let found) {
        return [first, found]
      }
    }
  }
}

/// The known answer of the model in `file`, checked.
private func checkKnownAnswer(of file: [UInt8]) throws(ModelProblem) {
  let memory = AlignedMemory(file)
  defer { withExtendedLifetime(memory) {} }
  try LoadedModel.checkKnownAnswer(of: Model(memory.bytes))
}

private func problem(_ file: [UInt8]) -> ModelProblem? {
  let memory = AlignedMemory(file)
  defer { withExtendedLifetime(memory) {} }
  do throws(ModelProblem) {
    _ = try Model(memory.bytes)
    return nil
  } catch { return error }
}

private func problem(_ change: (inout TinyModel) -> Void) throws -> ModelProblem? {
  var model = TinyModel()
  change(&model)
  return problem(try model.file())
}

@Suite struct ModelTests {
  @Test func everyPartComesBackAsWritten() throws {
    let tiny = TinyModel()
    let memory = AlignedMemory(try tiny.file(knownLogits: [5, 6]))
    defer { withExtendedLifetime(memory) {} }
    let model = try Model(memory.bytes)
    #expect(model.frontEnd.definition == tiny.frontEnd)
    #expect(model.features.coefficients == 12)
    #expect(model.recognition.parameters == tiny.recognition)
    #expect(model.recognition.classCount == 2)
    #expect((0..<21).allSatisfy { model.recognition.corpusMean[$0] == 12 << 16 })
    #expect(Array(model.program.operators) == tiny.operators)
    #expect(Array(model.program.tensors) == tiny.tensors)
    #expect(model.labels.map(\.name) == ["angry_male", "neutral"])
    #expect(model.labels.map(\.label) == ["angry", "neutral"])
    #expect(Array(model.card) == tiny.card)
    #expect(model.knownAnswer.frameCount == 8)
    #expect(model.identifier.count == 64)
    #expect(model.recognition.bias == nil)
  }

  @Test func theTalkersBiasIsReadWhereThereIsOne() throws {
    var tiny = TinyModel()
    tiny.bias = [20, 9, 12_000, 7, -7, -8, 8]
    let memory = AlignedMemory(try tiny.file())
    defer { withExtendedLifetime(memory) {} }
    let tables = try #require(Model(memory.bytes).recognition.bias)
    #expect(tables.segments == 20 && tables.prior == 9 && tables.sharpness == 12_000)
    #expect((0..<4).map { tables.means[$0] } == [7, -7, -8, 8])
    tiny.bias = [20, 9, 12_000, -7, 7, 8, -8]
    #expect(problem(try tiny.file()) == .talkerBias)
    tiny.bias = [20, 0, 12_000, 7, -7, -8, 8]
    #expect(problem(try tiny.file()) == .talkerBias)
    tiny.bias.removeLast()
    #expect(problem(try tiny.file()) == .size(.talkerBias, expected: 28, found: 24))
  }

  @Test func theGainForKnownTalkersIsReadAndChecked() throws {
    func read(_ tiny: TinyModel) throws -> KnownTalkerGain {
      let memory = AlignedMemory(try tiny.file())
      defer { withExtendedLifetime(memory) {} }
      return try Model(memory.bytes).recognition.knownTalkerGain
    }
    var tiny = TinyModel()
    #expect(try read(tiny) == .one)
    tiny.gain = [80_000]
    #expect(try read(tiny) == KnownTalkerGain(factor: 80_000))
    for factor in [1 << 14 - 1, 1 << 18 + 1, -1, 0] {
      tiny.gain = [Int32(factor)]
      #expect(problem(try tiny.file()) == .knownTalkerGain)
    }
    tiny.gain = [1 << 16, 1 << 16]
    #expect(problem(try tiny.file()) == .size(.knownTalkerGain, expected: 4, found: 8))
  }

  @Test func everyMissingSectionIsNamed() throws {
    for kind in SectionKind.needed {
      #expect(problem(try TinyModel().file(leaving: kind)) == .missing(kind))
    }
  }

  @Test func everyPartIsChecked() throws {
    #expect(
      try problem { $0.recognition.contextFrames = 401 } == .recognition(.contextFrames(401)))
    #expect(try problem { $0.labels = [("a", "neutral")] } != nil)
    #expect(try problem { $0.card = [] } == .cardSize(0))
    #expect(try problem { $0.card = Array(repeating: 32, count: 65_537) } == .cardSize(65_537))
    #expect(try problem { $0.knownFrames[7] = 129 << 16 } == .knownFrames)
    #expect(try problem { $0.knownFrames = [] } == .knownFrames)
    #expect(try problem { $0.knownFrames.removeLast() } == .knownFrames)
    #expect(
      try problem { $0.knownFrames = Array(repeating: 0, count: 21 * 151) } == .knownFrames)
    #expect(try problem { $0.tensors[1].scale = 0 } == .program(.scale(tensor: 1)))
    #expect(try problem { $0.operators[1].parameters = 4096 } != nil)
    #expect(
      try problem {
        $0.frontEnd.coefficients = 11
        $0.means.removeLast()
        $0.deviations.removeLast()
      } == .inputChannels(network: 12, features: 11))
  }

  @Test func theKnownAnswerMustComeOut() throws {
    let tiny = TinyModel()
    let logits = try tiny.trueLogits()
    #expect(logits != [0, 0])
    try checkKnownAnswer(of: tiny.file(knownLogits: logits))
    let wrong = try tiny.file(knownLogits: [logits[0], logits[1] + 1])
    #expect(
      throws: ModelProblem.knownAnswer(class: 1, expected: logits[1] + 1, found: logits[1])
    ) {
      try checkKnownAnswer(of: wrong)
    }
  }

  /// Bytes changed by a writer that sums them anew get past the digest; whatever they say, every
  /// check must hold and a model that passes must run.
  @Test func mutatedModelsAreRefusedOrRun() throws {
    let original = try TinyModel().file()
    var generator = SplitMix(seed: 88_172_645)
    func random(_ limit: Int) -> Int { generator.integer(0...limit - 1) }
    let records = original.count - 8000
    for _ in 0..<800 {
      var file = original
      for _ in 0...random(4) {
        let place = random(2) == 0 ? 64 + random(400) : records + random(8000)
        file[place] = random(2) == 0 ? UInt8(random(256)) : file[place] ^ (1 << UInt8(random(8)))
      }
      sumAnew(&file)
      guard problem(file) == nil else { continue }
      do throws(ModelProblem) {
        try checkKnownAnswer(of: file)
      } catch {
        guard case .knownAnswer = error else { Issue.record(error); continue }
      }
    }
  }
}
