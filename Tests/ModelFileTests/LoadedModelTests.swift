import Foundation
import Inference
import Quantization
import TestSupport
import Testing

@testable import ModelFile

@Suite struct LoadedModelTests {
  /// A path in a folder of its own, which is removed afterwards.
  private func withFile(_ bytes: [UInt8], _ body: (String) throws -> Void) throws {
    let file = TemporaryFile(bytes, named: "model.edge")
    try body(file.path)
  }

  private func problem(_ path: String) -> ModelLoadProblem? {
    do throws(ModelLoadProblem) {
      _ = try LoadedModel(path: path)
      return nil
    } catch { return error }
  }

  private func good() throws -> [UInt8] {
    let tiny = TinyModel()
    return try tiny.file(knownLogits: tiny.trueLogits())
  }

  @Test func loadsAndKeepsItsBytesWhateverHappensToTheFile() throws {
    try withFile(good()) { path in
      let loaded = try LoadedModel(path: path)
      let before = loaded.model.identifier
      let handle = try #require(FileHandle(forWritingAtPath: path))
      try handle.write(contentsOf: Data(repeating: 0xff, count: 4096))
      try handle.truncate(atOffset: 10)
      #expect(loaded.card["name"]?.string == "tiny")
      #expect(loaded.model.labels[1].name == "neutral")
      #expect(loaded.model.identifier == before)
      try LoadedModel.checkKnownAnswer(of: loaded.model)
    }
  }

  @Test(arguments: [(Int32(16000), Int32(79)), (22050, 160)])
  func anotherPaceThanTheDevicesIsRefused(rate: Int32, hop: Int32) throws {
    var tiny = TinyModel()
    (tiny.frontEnd.sampleRate, tiny.frontEnd.hop) = (rate, hop)
    try withFile(tiny.file(knownLogits: tiny.trueLogits())) { path in
      #expect(problem(path) == .invalid(path: path, .pace(sampleRate: rate, hop: hop)))
    }
  }

  @Test func everyRefusalHasItsCaseAndOneSentence() throws {
    #expect(
      problem("/nonexistent/model.edge")
        == .unreadable(path: "/nonexistent/model.edge", code: ENOENT))
    #expect(problem("/tmp") == .notAFile(path: "/tmp"))
    #expect(problem("/dev/null") == .notAFile(path: "/dev/null"))
    try withFile([]) { path in
      #expect(problem(path) == .invalid(path: path, .tooShort(size: 0)))
    }
    try withFile(Array(repeating: 0, count: LoadedModel.maximumSize + 1)) { path in
      #expect(problem(path) == .tooLarge(path: path, size: LoadedModel.maximumSize + 1))
    }
    try withFile(Array("RIFF....WAVEfmt \(String(repeating: "x", count: 100))".utf8)) { path in
      #expect(problem(path) == .invalid(path: path, .foreign))
    }
    let safetensors = Array(#"        {"__metadata__":{"edge":"{}"}}"#.utf8)
    var file: [UInt8] = withUnsafeBytes(of: UInt64(safetensors.count - 8)) { Array($0) }
    file += safetensors[8...]
    file += [UInt8](repeating: 0, count: 64)
    try withFile(file) { path in
      #expect(problem(path) == .floatModel(path: path))
      #expect(problem(path)?.description.contains("edgectl quantize") == true)
    }
    var tiny = TinyModel()
    tiny.card = Array("[1]".utf8)
    try withFile(tiny.file()) { path in
      guard case .card = problem(path) else {
        Issue.record("a card that is no object was taken")
        return
      }
    }
    try withFile(good().dropLast(100).map { $0 }) { path in
      let text = problem(path)?.description ?? ""
      #expect(text.contains(path) && text.contains("copy it again") && text.hasSuffix("."))
    }
  }

  @Test func aWrongKnownAnswerIsRefusedAtLoad() throws {
    try withFile(TinyModel().file(knownLogits: [1, 2])) { path in
      guard case .invalid(_, .knownAnswer) = problem(path) else {
        Issue.record("a wrong known answer was taken")
        return
      }
    }
  }

  @Test func kernelsThatComputeWronglyGiveWayToPortableOnes() throws {
    let wrong = ModelProblem.knownAnswer(class: 0, expected: 1, found: 2)
    #expect(try LoadedModel.kernels { (_) throws(ModelProblem) in } == .best)
    let chosen = try LoadedModel.kernels { (variant) throws(ModelProblem) in
      if variant != .portable { throw wrong }
    }
    #expect(chosen == .portable)
    #expect(throws: wrong) { try LoadedModel.kernels { (_) throws(ModelProblem) in throw wrong } }
  }

  @Test func aFrontEndThatHearsWronglyGivesWayToThePortableOne() throws {
    let chosen = try LoadedModel.kernels(hearing: { _ in false }) { (_) throws(ModelProblem) in }
    #expect(chosen == .portable)
    #expect(throws: ModelProblem.knownFrames) {
      try LoadedModel.kernels(hearing: { _ in false }) { (variant) throws(ModelProblem) in
        if variant == .portable { throw .knownFrames }
      }
    }
  }
}
