import Inference
import JSON
import Quantization
import Reference
import Testing

@Suite struct FloatModelTests {
  private func problem(_ change: (inout FloatModelFixture) -> Void) -> FloatModelProblem? {
    var fixture = FloatModelFixture()
    change(&fixture)
    do throws(FloatModelProblem) {
      _ = try FloatModel(fixture.bytes())
      return nil
    } catch { return error }
  }

  @Test func readsAWholeModel() throws {
    let model = try FloatModel(FloatModelFixture().bytes())
    #expect(model.name == "fixture")
    #expect(model.classes.map(\.label) == ["neutral", "angry", "angry"])
    #expect(model.temperature == 1.25)
    #expect(model.recognition.contextFrames == 400)
    #expect(model.recognition.hangoverFrames == 30)
    #expect(model.provenance["licence"] == "none")
    let graph = model.graph
    #expect(graph.operators.last?.kind == .logits)
    #expect(graph.operators.count == graph.names.count)
    #expect(graph.tensors.count == graph.operators.count + 1)
    #expect(graph.operators.enumerated().allSatisfy { $0.element.output == Int32($0.offset + 1) })
    let pooled = try #require(graph.names.firstIndex(of: "pools"))
    #expect(graph.tensors[pooled + 1] == Tensor(channels: 120, rate: 0))
    let lstm = try #require(graph.names.firstIndex(of: "lstm"))
    #expect(graph.tensors[lstm + 1] == Tensor(channels: 8, rate: 4))
  }

  @Test func torchAndKerasLayoutsOfOneNetworkReadTheSame() throws {
    let torch = FloatModelFixture()
    var keras = torch
    let transpositions: [String: [Int]] = [
      "conv1.weight": [2, 1, 0], "conv2.weight": [2, 1, 0], "score.weight": [1, 0],
      "hidden.weight": [1, 0], "logits.weight": [1, 0], "lstm.weight_input": [1, 0],
      "lstm.weight_recurrent": [1, 0],
    ]
    keras.file.tensors = torch.file.tensors.map { tensor in
      transpositions[tensor.name].map { transposed(tensor, $0) } ?? tensor
    }
    let biases = ["lstm.bias_input", "lstm.bias_recurrent"].map { name in
      torch.file.tensors.first { $0.name == name }!.values.map { Double(Float($0)) }
    }
    keras.file.tensors.append(("lstm.bias", [32], zip(biases[0], biases[1]).map { $0 + $1 }))
    for name in ["conv1", "conv2", "score", "hidden", "logits", "lstm"] {
      keras.change(node: name) { $0["layout"] = "keras" }
    }
    keras.change(node: "lstm") { node in
      node["bias_input"] = nil
      node["bias_recurrent"] = nil
      node["bias"] = "lstm.bias"
      node["gate_order"] = "ifco"
    }
    let expected = try FloatModel(torch.bytes()).graph.parameters
    let found = try FloatModel(keras.bytes()).graph.parameters
    for (expected, found) in zip(expected, found) {
      guard case .lstm(let input, let recurrent, let bias) = expected,
        case .lstm(let otherInput, let otherRecurrent, let otherBias) = found
      else {
        #expect(expected == found)
        continue
      }
      #expect(input == otherInput)
      #expect(recurrent == otherRecurrent)
      #expect(zip(bias, otherBias).allSatisfy { abs($0 - $1) < 1e-6 })
    }
  }

  private func transposed(
    _ tensor: (name: String, shape: [Int], values: [Double]), _ order: [Int]
  ) -> (name: String, shape: [Int], values: [Double]) {
    let shape = order.map { tensor.shape[$0] }
    let values = (0..<tensor.values.count).map { position in
      var rest = position
      var index = [Int](repeating: 0, count: shape.count)
      for axis in shape.indices.reversed() {
        index[order[axis]] = rest % shape[axis]
        rest /= shape[axis]
      }
      return tensor.values[zip(index, tensor.shape).reduce(0) { $0 * $1.1 + $1.0 }]
    }
    return (tensor.name, shape, values)
  }

  @Test func gateOrdersAreNormalized() throws {
    let original = FloatModelFixture()
    var onnx = original
    onnx.change(node: "lstm") { $0["gate_order"] = "iofc" }
    onnx.file.tensors = original.file.tensors.map { tensor in
      guard tensor.name.hasPrefix("lstm.") else { return tensor }
      let size = tensor.values.count / 4
      let gates = (0..<4).map { Array(tensor.values[$0 * size..<($0 + 1) * size]) }
      return (tensor.name, tensor.shape, gates[0] + gates[3] + gates[1] + gates[2])
    }
    #expect(
      try FloatModel(onnx.bytes()).graph.parameters
        == FloatModel(original.bytes()).graph.parameters)
  }

  @Test func refusesFilesWithoutADocument() {
    #expect(throws: FloatModelProblem.noDocument) {
      try FloatModel(SafetensorsFixture().bytes())
    }
    #expect(
      throws: FloatModelProblem.documentJSON(JSONProblem(.unexpectedEnd, at: 1))
    ) {
      try FloatModel(SafetensorsFixture(metadata: ["edge": "{"]).bytes())
    }
  }

  @Test(arguments: [
    "format", "name", "classes", "front_end", "standardization", "recognition", "graph",
    "provenance",
  ])
  func refusesAMissingPart(key: String) {
    #expect(problem { $0.document[key] = nil } == .missing(place: key))
  }

  @Test func refusesMisspelledFields() {
    #expect(problem { $0.document["temprature"] = 1 } == .unknownField(place: "temprature"))
    #expect(
      problem { $0.change(node: "conv2") { $0["dilations"] = 2 } }
        == .unknownField(place: "graph.nodes[3] (conv2).dilations"))
    #expect(
      problem { $0.change("labels") { $0["angri"] = "angry" } }
        == .unknownField(place: "labels.angri"))
  }

  @Test func refusesWhatItCannotRun() {
    for temperature in [0, -1, 1e-30, 1e30] {
      #expect(
        problem { $0.document["temperature"] = .number(temperature) }
          == .notAllowed(
            place: "temperature", found: "\(temperature)", allowed: "from 0.001 to 1000.0"))
    }
    #expect(
      problem { $0.change(node: "conv1") { $0["padding"] = "same" } }
        == .notAllowed(
          place: "graph.nodes[0] (conv1).padding", found: "“same”", allowed: "“causal”"))
    #expect(
      problem { $0.change(node: "lstm") { $0["gate_order"] = "ifff" } }
        == .notAllowed(
          place: "graph.nodes[8] (lstm).gate_order", found: "“ifff”",
          allowed: "the letters i, f, g (or c) and o in the file's order"))
    #expect(
      problem { $0.change(node: "lstm") { $0["bias_input"] = nil } }
        == .missing(place: "graph.nodes[8] (lstm).bias_input"))
    #expect(
      problem { $0.change(node: "hidden") { $0["weight"] = "nowhere" } }
        == .noTensor(place: "graph.nodes[16] (hidden).weight", name: "nowhere"))
    #expect(
      problem { $0.change(node: "logits") { $0["weight"] = "score.weight" } }
        == .shape(
          place: "graph.nodes[18] (logits).weight", name: "score.weight", expected: [1, 12],
          found: [1, 24]))
  }

  @Test(arguments: [
    ("conv1", [16, 40, 5], [2, 1, 0]), ("conv1", [16, 40, 5], [1, 0, 2]),
    ("hidden", [12, 120], [1, 0]),
  ])
  func namesTheShapeThatATransposedTensorShouldHave(
    node: String, shape: [Int], order: [Int]
  ) throws {
    let name = "\(node).weight"
    let found = problem { fixture in
      fixture.file.tensors = fixture.file.tensors.map {
        $0.name == name ? transposed($0, order) : $0
      }
    }
    guard case .shape(_, name, let expected, order.map { shape[$0] }) = found else {
      Issue.record("\(String(describing: found))")
      return
    }
    #expect(expected == shape)
  }

  @Test func refusesContradictions() {
    func isContradiction(_ change: (inout FloatModelFixture) -> Void) -> Bool {
      if case .contradiction = problem(change) { true } else { false }
    }
    #expect(
      isContradiction {
        $0.document["classes"] = ["neutral", "angry"]
        $0.document["labels"] = nil
      })
    #expect(isContradiction { $0.document["classes"] = ["neutral", "neutral", "angry"] })
    #expect(isContradiction { $0.change(node: "add") { $0["inputs"] = ["relu1", "features"] } })
    #expect(isContradiction { $0.change(node: "statistics") { $0["inputs"] = ["mean"] } })
    #expect(isContradiction { $0.change("recognition") { $0["preroll_ms"] = 205 } })
    #expect(isContradiction { $0.change("recognition") { $0["context_ms"] = 8000 } })
    #expect(isContradiction { $0.change("front_end") { $0["fft"] = 500 } })
    #expect(isContradiction { $0.change(node: "relu1") { $0["name"] = "conv1" } })
  }

  @Test func refusesALabelOutsideTheVocabulary() {
    guard case .notAllowed(_, let found, _) = problem({ $0.document["labels"] = [:] }) else {
      Issue.record("“angry_male” was taken for a label")
      return
    }
    #expect(found == "“angry_male”")
  }

  @Test func everyRefusalIsOneSentence() {
    let problems: [FloatModelProblem?] = [
      problem { $0.document["graph"] = nil }, problem { $0.document["format"] = "1" },
      problem { $0.document["format"] = 2 }, problem { $0.change(node: "add") { $0["x"] = 1 } },
    ]
    for problem in problems {
      let text = problem?.description ?? ""
      #expect(text.hasSuffix(".") && !text.contains("\n"))
    }
  }
}
