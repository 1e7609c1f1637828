import Inference
import ModelFile
import Testing

@testable import Quantization

/// What a concatenation or a centring stores once more is rounded only once.
@Suite struct SharedGridTests {
  private let model: FloatModel
  private let contexts: CalibrationContexts
  private let checked: CheckedModel
  private let names: [String]

  init() throws {
    model = try FloatModel(FloatModelFixture.centredPools().bytes())
    contexts = .sessions(for: model, count: 30, segments: 6)
    checked = try CheckedModel(AlignedMemory(Quantizer(model, contexts: contexts).run().file))
    names = ["features"] + model.graph.normalized().names
  }

  private func tensor(_ name: String) throws -> Int { try #require(names.firstIndex(of: name)) }

  @Test func anUnknownTalkersCentringChangesNoCode() throws {
    let (pools, centre) = (try tensor("pools"), try tensor("centre"))
    let trace = IntegerTrace(checked)
    var changed = (unknown: 0, known: 0)
    for (frames, place) in zip(contexts.contexts, contexts.places) {
      trace.run(PlacedContext(frames: frames, place: place))
      let different = zip(trace.codes[pools], trace.codes[centre]).count { $0 != $1 }
      if place.beginsTalker { changed.unknown += different } else { changed.known += different }
    }
    #expect(changed.unknown == 0 && changed.known > 1000, "\(changed)")
  }

  @Test func aConcatenationCopiesTheCodesOfWhatOnlyItReads() throws {
    let inputs = try ["attention", "mean", "statistics", "max"].map(tensor)
    let pools = try tensor("pools")
    let tensors = checked.model.program.tensors
    let zeros = inputs.map { tensors[$0].zeroPoint == tensors[pools].zeroPoint }
    // The maximum's grid is its input's, which others read.
    #expect(zeros == [true, true, true, false])
    let trace = IntegerTrace(checked)
    for (frames, place) in zip(contexts.contexts, contexts.places) {
      trace.run(PlacedContext(frames: frames, place: place))
      let codes = inputs.prefix(3).flatMap { trace.codes[$0] }
      #expect(codes == Array(trace.codes[pools].prefix(codes.count)))
    }
  }

  @Test func whatIsReadElsewhereOrReadsItselfHasAGridOfItsOwn() throws {
    let tensors = checked.model.program.tensors
    let (both, lstm, pool) = (try tensor("both"), try tensor("lstm"), try tensor("pool"))
    #expect(tensors[lstm].zeroPoint != tensors[both].zeroPoint)
    #expect(tensors[pool].zeroPoint != tensors[both].zeroPoint)
  }
}
