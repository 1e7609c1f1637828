import Inference
import ModelFile
import Reference
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

  /// A graph of operators of two channels over the features, and a range for each of its tensors.
  private struct Sketch {
    var graph = FloatGraphDescription(inputChannels: 2)
    var ranges = [-6.0...6.0]

    mutating func add(
      _ kind: OperatorKind, _ inputs: Int32..., relu: Bool = false, range: ClosedRange<Double>
    ) -> Int32 {
      var places = SIMD4<Int32>(repeating: -1)
      for (place, input) in inputs.enumerated() { places[place] = input }
      let channels =
        kind == .concatenate
        ? inputs.reduce(0) { $0 + graph.tensors[Int($1)].channels }
        : graph.tensors[Int(inputs[0])].channels
      ranges.append(range)
      return graph.append(
        Operator(kind, inputs: places, output: 0, relu: relu),
        output: Tensor(channels: channels, rate: 1), parameters: .none, name: "\(ranges.count)")
    }

    /// Nothing is divided.
    var grids: [TensorGrid] {
      GraphConversion.grids(graph, ranges, ChannelGains(graph, ChannelRanges(graph)))
    }

    /// The grid of a tensor that shares none.
    func own(_ tensor: Int32) -> TensorGrid { TensorGrid(covering: ranges[Int(tensor)]) }
  }

  @Test func concatenationsWithinConcatenationsShareTheOutermostGrid() {
    var sketch = Sketch()
    let rectified = sketch.add(.dense, 0, relu: true, range: 0...1)
    let other = sketch.add(.dense, 0, range: -1...2)
    let inner = sketch.add(.concatenate, rectified, other, range: -1...2)
    let last = sketch.add(.dense, 0, range: -4...1)
    let outer = sketch.add(.concatenate, inner, last, range: -4...2)
    let grids = sketch.grids
    for tensor in [rectified, other, inner, last, outer] {
      #expect(grids[Int(tensor)] == sketch.own(outer))
    }
  }

  @Test func bothEndsOfACentringCoverWhatEitherHas() {
    var sketch = Sketch()
    let dense = sketch.add(.dense, 0, range: -3...1)
    let centred = sketch.add(.centre, dense, range: -1...5)
    let grids = sketch.grids
    #expect(grids[Int(dense)] == TensorGrid(covering: -3...5))
    #expect(grids[Int(centred)] == grids[Int(dense)])
  }

  @Test func whatIsCentredIntoAConcatenationKeepsTheGridOfItsCentring() {
    var sketch = Sketch()
    let dense = sketch.add(.dense, 0, range: -9...9)
    let centred = sketch.add(.centre, dense, range: -1...1)
    let other = sketch.add(.dense, 0, range: -2...2)
    let both = sketch.add(.concatenate, centred, other, range: -2...2)
    let grids = sketch.grids
    #expect(grids[Int(dense)] == TensorGrid(covering: -9...9))
    #expect(grids[Int(centred)] == grids[Int(dense)])
    #expect(grids[Int(other)] == grids[Int(both)])
  }

  @Test func othersKeepGridsOfTheirOwn() {
    var sketch = Sketch()
    let recurrent = sketch.add(.lstm, 0, range: -1...1)
    let readTwice = sketch.add(.dense, 0, range: -2...1)
    let dense = sketch.add(.dense, 0, range: -3...1)
    let largest = sketch.add(.maxPool1D, dense, range: -2...1)
    let both = sketch.add(.concatenate, recurrent, readTwice, largest, range: -8...8)
    let signed = sketch.add(.dense, 0, range: -5...1)
    let rectified = sketch.add(.centre, signed, relu: true, range: 0...4)
    let features = sketch.add(.concatenate, 0, readTwice, range: -7...7)
    let grids = sketch.grids
    for tensor in [recurrent, readTwice, dense, both, signed, rectified, features] {
      #expect(grids[Int(tensor)] == sketch.own(tensor), "tensor \(tensor)")
    }
    #expect(grids[Int(largest)] == grids[Int(dense)])
    #expect(grids[0] == .features)
  }
}
