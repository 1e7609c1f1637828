import Inference
import Reference
import Testing

@testable import Quantization

@Suite struct GainTests {
  private func surveyed(
    _ seed: UInt64, _ change: (inout FloatModelFixture) -> Void = { _ in }
  ) throws -> (graph: FloatGraphDescription, gains: ChannelGains, network: FloatNetwork, [Int32]) {
    var fixture = FloatModelFixture(seed: seed)
    change(&fixture)
    let model = try FloatModel(fixture.bytes())
    let graph = model.graph.normalized()
    let network = FloatNetwork(model, graph: graph)
    let contexts = CalibrationContexts.random(for: model, count: 3)
    var ranges = ChannelRanges(graph)
    for context in contexts.contexts { ranges.add(network.trace(context)) }
    return (graph, ChannelGains(graph, ranges), network, contexts.contexts[0])
  }

  /// The graph with its parameters divided, and with what a concatenation does to its inputs as
  /// affines before it.
  private func divided(
    _ graph: FloatGraphDescription, _ gains: ChannelGains
  ) -> FloatGraphDescription {
    var result = FloatGraphDescription(inputChannels: Int(graph.tensors[0].channels))
    var places: [Int32] = [0]
    for (index, step) in graph.operators.enumerated() {
      var step = step
      for place in 0..<Int(step.inputCount) {
        let input = Int(step.inputs[place])
        step.inputs[place] = places[input]
        guard step.kind == .concatenate else { continue }
        let channels = Int(graph.tensors[input].channels)
        let fill = gains.fill(index, place: place, of: graph)
        step.inputs[place] = result.append(
          Operator(.affine, input: places[input], output: 0), output: graph.tensors[input],
          parameters: .affine(
            scale: Array(repeating: 1 / fill, count: channels),
            offset: Array(repeating: 0, count: channels)), name: "fill")
      }
      places.append(
        result.append(
          step, output: graph.tensors[index + 1], parameters: gains.parameters(index, of: graph),
          name: graph.names[index]))
    }
    return result
  }

  private func expectTheSameLogits(
    _ graph: FloatGraphDescription, _ gains: ChannelGains, _ network: FloatNetwork,
    _ context: [Int32], sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let divided = divided(graph, gains)
    let found = FloatGraph(
      operators: divided.operators, tensors: divided.tensors, parameters: divided.parameters
    ).logits(network.features(context))
    for (expected, found) in zip(network.trace(context).logits, found) {
      #expect(abs(expected - found) < 1e-9, sourceLocation: sourceLocation)
    }
  }

  @Test(arguments: UInt64(1)...4) func dividingChannelsChangesNoLogit(seed: UInt64) throws {
    let (graph, gains, network, context) = try surveyed(seed)
    expectTheSameLogits(graph, gains, network, context)
  }

  @Test func everyTensorIsItsDividedSelf() throws {
    let (graph, gains, network, context) = try surveyed(1)
    let trace = network.trace(context)
    let divided = divided(graph, gains)
    let found = FloatGraph(
      operators: divided.operators, tensors: divided.tensors, parameters: divided.parameters
    ).trace(network.features(context))
    for (index, name) in graph.names.enumerated() {
      let place = try #require(divided.names.firstIndex(of: name))
      let values = found.tensors[place + 1].values
      for (position, value) in trace.tensors[index + 1].values.enumerated() {
        let gain = gains.gains[index + 1][position % gains.gains[index + 1].count]
        #expect(abs(value / gain - values[position]) < 1e-9, "\(name)")
      }
    }
  }

  @Test func whatCannotBeDividedIsNot() throws {
    let (graph, gains, _, _) = try surveyed(1)
    for name in ["lstm", "score", "logits"] {
      let index = try #require(graph.names.firstIndex(of: name))
      #expect(gains.gains[index + 1].allSatisfy { $0 == 1 })
    }
    #expect(gains.gains[0].allSatisfy { $0 == 1 })
  }

  @Test func channelsThatMeetInASumShareTheirGain() throws {
    let (graph, gains, _, _) = try surveyed(1)
    let first = try #require(graph.names.firstIndex(of: "conv1+bn1+relu1"))
    let second = try #require(graph.names.firstIndex(of: "bn2"))
    #expect(gains.gains[first + 1] == gains.gains[second + 1])
    #expect(Set(gains.gains[first + 1]).count > 1)
  }

  /// The LSTM's output joins the sum, so nothing that meets it there may be divided.
  @Test func aSumWithAnLSTMKeepsItsOtherInputAsItIs() throws {
    let (graph, gains, _, _) = try surveyed(1) { fixture in
      fixture.file.tensors.append(("side.weight", [8, 16], (0..<128).map { Double($0 % 5) - 2 }))
      guard var part = fixture.document["graph"]?.object, var nodes = part["nodes"]?.array,
        let place = nodes.firstIndex(where: { $0["name"]?.string == "both" })
      else { return }
      nodes.insert(
        contentsOf: [
          [
            "name": "side", "op": "dense", "inputs": ["pool"], "weight": "side.weight",
            "layout": "torch",
          ],
          ["name": "sum", "op": "add", "inputs": ["lstm", "side"]],
        ], at: place)
      part["nodes"] = .array(nodes)
      fixture.document["graph"] = .object(part)
      fixture.change(node: "both") { $0["inputs"] = ["sum", "pool"] }
    }
    let side = try #require(graph.names.firstIndex(of: "side"))
    #expect(gains.gains[side + 1].allSatisfy { $0 == 1 })
  }

  /// Places of a window have channels in common, so what was put side by side before it may not be
  /// divided apart.
  @Test func whatIsFlattenedBehindAConcatenationStaysAsItIs() throws {
    let (graph, gains, network, context) = try surveyed(1) { fixture in
      fixture.file.tensors.append(("flat.weight", [3, 96], (0..<288).map { Double($0 % 7) - 3 }))
      fixture.change("graph") { part in
        let kept = ["conv1", "bn1", "relu1", "conv2"]
        let nodes = part["nodes"]?.array ?? []
        let start = nodes.filter { kept.contains($0["name"]?.string ?? "") }
        part["nodes"] = .array(
          start + [
            ["name": "both", "op": "concat", "inputs": ["relu1", "conv2"]],
            ["name": "window", "op": "window", "frames": 3],
            ["name": "flat", "op": "flatten"],
            ["name": "end", "op": "dense", "weight": "flat.weight", "layout": "torch"],
            ["op": "softmax"],
          ])
      }
    }
    let both = try #require(graph.names.firstIndex(of: "both"))
    #expect(gains.gains[both + 1].allSatisfy { $0 == 1 })
    expectTheSameLogits(graph, gains, network, context)
  }
}
