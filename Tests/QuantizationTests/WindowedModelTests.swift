import Inference
import JSON
import Reference
import Testing

@testable import Quantization

/// How nodes of networks of fixed length are read: layouts, padding, shapes, refusals.
@Suite struct WindowedModelTests {
  private typealias Tensor = (name: String, shape: [Int], values: [Double])

  /// A graph of `nodes` over 4 features, with a dense and a softmax behind it.
  private func graph(
    _ nodes: [JSONValue], _ tensors: [Tensor], values: Int
  ) throws -> FloatGraphDescription {
    var fixture = FloatModelFixture()
    let ones = { (count: Int) in Array(repeating: 1.0, count: count) }
    fixture.file.tensors = tensors
    fixture.file.tensors += [
      ("mean", [4], ones(4)), ("deviation", [4], ones(4)), ("baseline", [4], ones(4)),
      ("last", [3, values], ones(3 * values)),
    ]
    fixture.change("front_end") {
      $0["bands"] = 4
      $0["coefficients"] = 4
    }
    let end: [JSONValue] = [
      ["op": "dense", "weight": "last", "layout": "torch"], ["op": "softmax"],
    ]
    fixture.change("graph") { $0["nodes"] = .array(nodes + end) }
    return try FloatModel(fixture.bytes()).graph
  }

  /// What the tensor behind the last of `nodes` holds after `rows`.
  private func output(
    _ nodes: [JSONValue], _ tensors: [Tensor] = [], rows: [[Double]]
  ) throws -> FloatRows {
    let flat: [JSONValue] = nodes + [["op": "flatten"]]
    // The dense layer's width is not known before: it is what the sentence of a first reading
    // expects.
    var width = 1
    do {
      _ = try graph(flat, tensors, values: width)
    } catch FloatModelProblem.shape(_, "last", let expected, _) {
      width = expected[1]
    }
    let graph = try graph(flat, tensors, values: width)
    let trace = FloatGraph(
      operators: graph.operators, tensors: graph.tensors, parameters: graph.parameters
    ).trace(FloatRows(channels: 4, values: rows.flatMap { $0 }))
    return trace.tensors[trace.tensors.count - 3]
  }

  private func window(_ frames: Int) -> JSONValue { ["op": "window", "frames": .integer(frames)] }

  private let ramp: [[Double]] = (0..<5).map { row in (0..<4).map { Double(10 * row + $0) } }

  @Test func theLastRowsCountAndZerosFollowTheFirst() throws {
    #expect(try output([window(2)], rows: ramp).values == [30, 31, 32, 33, 40, 41, 42, 43])
    #expect(
      try output([window(3)], rows: [ramp[1]]).values == [10, 11, 12, 13]
        + Array(repeating: 0, count: 8))
  }

  @Test func imagesAreRowsByColumnsInEitherLayout() throws {
    // Two outputs over one feature: taps 1 2 / 3 4, and ten times as much.
    let taps: [Double] = [1, 2, 3, 4, 10, 20, 30, 40]
    let expected = [0, 1, 2].flatMap { column -> [Double] in
      let (top, left) = (ramp[3], column)
      let below = ramp[4]
      let sum = top[left] + 2 * top[left + 1] + 3 * below[left] + 4 * below[left + 1]
      return [sum, 10 * sum]
    }
    func node(_ layout: String) -> JSONValue {
      [
        "op": "conv2d", "kernel": [2, 2], "padding": "valid", "weight": "w",
        "layout": .string(layout),
      ]
    }
    let nodes: [JSONValue] = [window(2), ["op": "image"]]
    let torch = try output(nodes + [node("torch")], [("w", [2, 1, 2, 2], taps)], rows: ramp)
    let keras = try output(
      nodes + [node("keras")],
      [("w", [2, 2, 1, 2], (0..<4).flatMap { [taps[$0], taps[4 + $0]] })], rows: ramp)
    #expect(torch.values == expected && keras.values == expected)
  }

  @Test func featuresOfAPlaceStayTogetherBetweenConvolutions() throws {
    // The second convolution sees, of one place, feature 0 less feature 1.
    let nodes: [JSONValue] = [
      window(1), ["op": "image"],
      [
        "op": "conv2d", "kernel": [1, 1], "padding": "valid", "weight": "first",
        "layout": "torch",
      ],
      [
        "op": "conv2d", "kernel": [1, 1], "padding": "same", "weight": "second",
        "layout": "torch",
      ],
    ]
    let found = try output(
      nodes, [("first", [2, 1, 1, 1], [5, 2]), ("second", [1, 2, 1, 1], [1, -1])], rows: ramp)
    #expect(found.values == [120, 123, 126, 129])
  }

  @Test(arguments: ["torch", "keras"]) func depthwiseFeaturesHaveTapsOfTheirOwn(
    layout: String
  ) throws {
    let isTorch = layout == "torch"
    let node: JSONValue = [
      "op": "depthwise_conv1d", "kernel": 2, "padding": "valid", "weight": "w",
      "layout": .string(layout),
    ]
    // Feature f: (f + 1) times the older row less the newer.
    let older: [Double] = [1, 2, 3, 4]
    let newer = [Double](repeating: -1, count: 4)
    let values: [Double] = isTorch ? zip(older, newer).flatMap { [$0, $1] } : older + newer
    let found = try output(
      [window(2), node], [("w", isTorch ? [4, 1, 2] : [2, 4, 1], values)], rows: ramp)
    let expected: [Double] = (0..<4).map { older[$0] * ramp[3][$0] - ramp[4][$0] }
    #expect(found.values == expected)
  }

  @Test(arguments: ["torch", "keras"]) func simpleRecurrentLayersFollowTheirEquation(
    layout: String
  ) throws {
    let isTorch = layout == "torch"
    var node: JSONObject = JSONObject()
    node["op"] = "simple_rnn"
    node["hidden"] = 2
    node["layout"] = .string(layout)
    node["weight_input"] = "wi"
    node["weight_recurrent"] = "wr"
    for bias in isTorch ? ["bias_input", "bias_recurrent"] : ["bias"] { node[bias] = "b" }
    let input = [[0.25, 0, 0, 0], [0, -0.5, 0, 0]]
    let recurrent = [[0.5, -0.25], [0.125, 1]]
    func values(_ rows: [[Double]]) -> [Double] {
      isTorch
        ? rows.flatMap { $0 }
        : rows[0].indices.flatMap { column in rows.map { $0[column] } }
    }
    let rows: [[Double]] = [[1, 2, 0, 0], [-1, 0.5, 0, 0], [0.5, 1, 0, 0]]
    let found = try output(
      [window(3), .object(node), ["op": "last"]],
      [
        ("wi", isTorch ? [2, 4] : [4, 2], values(input)), ("wr", [2, 2], values(recurrent)),
        ("b", [2], isTorch ? [0.0625, 0.125] : [0.125, 0.25]),
      ], rows: rows)
    var state = [0.0, 0]
    for row in rows {
      state = (0..<2).map { unit in
        hyperbolicTangent(
          zip(input[unit], row).reduce(0) { $0 + $1.0 * $1.1 }
            + zip(recurrent[unit], state).reduce(0) { $0 + $1.0 * $1.1 } + [0.125, 0.25][unit])
      }
    }
    #expect(zip(found.values, state).allSatisfy { abs($0 - $1) < 1e-12 })
  }

  @Test func samePaddingIsKeras() {
    for count in 1...20 {
      for kernel: Int32 in 1...5 {
        for stride: Int32 in 1...4 {
          for dilation: Int32 in 1...3 {
            var geometry = PlaneGeometry(
              kernel: SIMD2(kernel, 1), stride: SIMD2(stride, 1), dilation: SIMD2(dilation, 1))
            geometry.pad(0, "same", count: count)
            let outputs = (count + Int(stride) - 1) / Int(stride)
            #expect(geometry.outputs(0, of: count) == outputs)
            #expect((0...1).contains(geometry.after[0] - geometry.before[0]))
            // No more than the last output needs.
            let reach = (outputs - 1) * Int(stride) + Int((kernel - 1) * dilation) + 1
            #expect(Int(geometry.before[0] + geometry.after[0]) == max(0, reach - count))
          }
        }
      }
    }
  }

  @Test func unfinishedWindowsCountWithCeil() throws {
    func pooled(_ options: JSONValue) throws -> [Double] {
      var node = options.object!
      node["op"] = "max_pool"
      let found = try output([window(5), .object(node)], rows: ramp)
      return stride(from: 0, to: found.values.count, by: 4).map { found.values[$0] }
    }
    #expect(try pooled(["kernel": 2, "stride": 2]) == [10, 30])
    #expect(try pooled(["kernel": 2]) == [10, 30])
    #expect(try pooled(["kernel": 2, "ceil": true]) == [10, 30, 40])
    #expect(try pooled(["kernel": 3, "stride": 2, "padding": "same"]) == [10, 30, 40])
    #expect(try pooled(["kernel": 2, "padding": [1, 0]]) == [0, 20, 40])
    // A window that would begin in the padding behind does not count.
    #expect(try pooled(["kernel": 2, "padding": [1, 1], "ceil": true]) == [0, 20, 40])
  }

  @Test func paddingTakesNoPartInAMean() throws {
    let found = try output(
      [window(5), ["op": "average_pool", "kernel": 2, "padding": [1, 0]]], rows: ramp)
    #expect(stride(from: 0, to: 12, by: 4).map { found.values[$0] } == [0, 15, 35])
  }

  @Test func packsGroupsOneAfterTheOther() throws {
    let found = try output(
      [window(2), ["op": "pack", "groups": [1, 1, 2], "channels": 1]], rows: ramp)
    #expect(found.channels == 1)
    #expect(found.values == [30, 40, 31, 41, 32, 33, 42, 43])
  }

  @Test func wholeImagesPoolToOnePlace() throws {
    let nodes: [JSONValue] = [window(2), ["op": "image"]]
    #expect(try output(nodes + [["op": "global_average_pool"]], rows: ramp).values == [36.5])
    #expect(try output(nodes + [["op": "global_max_pool"]], rows: ramp).values == [43])
    #expect(
      try output([window(2), ["op": "global_average_pool"]], rows: ramp).values
        == [35, 36, 37, 38])
  }

  private func problem(_ nodes: [JSONValue], values: Int = 1) -> String {
    do {
      _ = try graph(nodes, [], values: values)
      return ""
    } catch {
      return "\(error)"
    }
  }

  @Test func refusesWhatCannotBe() {
    let conv: JSONValue = [
      "op": "conv2d", "kernel": [2, 2], "padding": "valid", "weight": "w", "layout": "torch",
    ]
    #expect(problem([conv]).contains("behind a “window” can"))
    #expect(problem([["op": "flatten"]]).contains("behind a “window” can"))
    #expect(problem([window(2), window(2)]).contains("in a window already"))
    #expect(problem([["op": "window"]]).contains("lacks graph.nodes[0] (window#0).frames"))
    #expect(problem([window(2), ["op": "image"]]).contains("its input is an image"))
    #expect(problem([window(2)], values: 4).contains("softmax must come right after"), "two rows")
    #expect(
      problem([window(1), ["op": "image"], conv]).contains("reaches over more than the 1 by 4"))
    #expect(
      problem([window(2), ["op": "pack", "groups": [1, 2], "channels": 1]])
        .contains("whose sum is the 4 channels"))
    #expect(
      problem([window(2), ["op": "pack", "groups": [4], "channels": 3]])
        .contains("do not make rows of 3"))
    #expect(
      problem([window(2), ["op": "max_pool", "kernel": 2, "padding": [2, 0]]])
        .contains("less than the kernel reaches over"))
    #expect(
      problem([window(2), ["op": "max_pool2d", "kernel": 2]]).contains("must be an array"))
    #expect(
      problem([window(2), ["op": "max_pool", "kernel": 2, "ceil": 1]])
        .contains("must be true or false"))
    #expect(problem([["op": "max_pool", "kernel": 2, "stride": 2, "ceil": true]]).contains("ceil"))
    #expect(
      problem([window(500), ["op": "mean_pool"]], values: 4).contains("longer than a context"))
  }
}

/// tanh from its definition.
private func hyperbolicTangent(_ value: Double) -> Double {
  let (up, down) = (exponential(value), exponential(-value))
  return (up - down) / (up + down)
}

/// e^x by its series; the arguments are small.
private func exponential(_ value: Double) -> Double {
  var (sum, term) = (1.0, 1.0)
  for index in 1...40 {
    term *= value / Double(index)
    sum += term
  }
  return sum
}
