import Evaluation
import JSON
import ModelFile
import Recognition
import Testing

@testable import Quantization

/// The temperature of known talkers, from `model.bin` to the device's file.
@Suite struct KnownTemperatureTests {
  private func fixture(known: Double?) -> FloatModelFixture {
    var fixture = FloatModelFixture()
    fixture.document["temperature"] = .number(1.25)
    if let known { fixture.document["known_temperature"] = .number(known) }
    return fixture
  }

  @Test func becomesAFactorOfTheLogits() throws {
    #expect(try FloatModel(fixture(known: nil).bytes()).knownTalkerGain == .one)
    #expect(try FloatModel(fixture(known: 1.25).bytes()).knownTalkerGain == .one)
    #expect(try FloatModel(fixture(known: 1).bytes()).knownTalkerGain.factor == 81_920)
    #expect(try FloatModel(fixture(known: 5).bytes()).knownTalkerGain.factor == 1 << 14)
  }

  @Test(arguments: [nil, 1.25, 1.0]) func isInTheFileThatTheDeviceReads(known: Double?) throws {
    let model = try FloatModel(fixture(known: known).bytes())
    let contexts = CalibrationContexts.random(for: model, count: 4)
    let memory = AlignedMemory(try Quantizer(model, contexts: contexts).run().file)
    defer { withExtendedLifetime(memory) {} }
    let read = try Model(memory.bytes)
    #expect(read.recognition.knownTalkerGain == model.knownTalkerGain)
    let card = try JSONValue(parsing: String(decoding: read.card, as: UTF8.self))
    #expect(card["known_temperature"]?.number == (known == 1 ? 1 : nil))
  }

  @Test(arguments: [0.312, 5.001, 0, -1]) func refusesWhatTheDeviceCannotHold(known: Double) {
    let problem = #expect(throws: FloatModelProblem.self) {
      try FloatModel(fixture(known: known).bytes())
    }
    #expect(
      problem
        == .notAllowed(
          place: "known_temperature", found: "\(known)", allowed: "from 0.3125 to 5.0"))
  }
}
