import Evaluation
import Foundation
import Inference
import JSON
import ModelFile
import Recognition
import Reference
import TestSupport
import Testing

@testable import Quantization

/// What the formula remembers of a talker.
private struct Past {
  /// Of each segment the mean row of its contexts, weighted by frames.
  private(set) var segments: [[Double]] = []
  private var contexts: [(row: [Double], frames: Double)] = []

  mutating func add(_ row: [Double], _ context: PlacedContext) {
    contexts.append((row, Double(context.frames.count)))
    guard let ending = context.place.ending else { return }
    let frames = contexts.reduce(0) { $0 + $1.frames }
    if ending.isRemembered {
      segments.append(
        row.indices.map { channel in
          contexts.reduce(0) { $0 + $1.row[channel] * $1.frames } / frames
        })
    }
    contexts = []
  }
}

/// A model that takes a talker's own mean out of a layer, from `model.bin` to `eval`.
@Suite struct CentreModelTests {
  @Test func readsItsNode() throws {
    let graph = try FloatModel(FloatModelFixture.centred().bytes()).graph
    let index = try #require(graph.names.firstIndex(of: "centre"))
    #expect(graph.operators[index].kind == .centre && graph.tensors[index + 1].rate == 0)
    guard case .centre(let amount, let mean, 4, 40) = graph.parameters[index] else {
      Issue.record("\(graph.parameters[index])")
      return
    }
    #expect(amount.count == 12 && mean.count == 12)
  }

  @Test(arguments: [
    ("prior", JSONValue.integer(0)), ("prior", .integer(65)), ("prior", .number(1.5)),
    ("segments", .integer(0)), ("segments", .integer(65)), ("segments", "40"),
    ("amount", "nowhere"), ("amount", "bn1.mean"), ("mean", "bn1.mean"), ("mean", .null),
    ("strength", .integer(1)),
  ]) func refusesWhatItCannotRun(key: String, value: JSONValue) {
    var fixture = FloatModelFixture.centred()
    fixture.change(node: "centre") { $0[key] = value }
    let problem = #expect(throws: FloatModelProblem.self) { try FloatModel(fixture.bytes()) }
    #expect(problem?.description.contains("(centre).\(key)") == true)
  }

  @Test(arguments: ["amount", "mean", "prior", "segments"])
  func nothingHasADefault(key: String) {
    var fixture = FloatModelFixture.centred()
    fixture.change(node: "centre") { $0[key] = nil }
    let problem = #expect(throws: FloatModelProblem.self) { try FloatModel(fixture.bytes()) }
    #expect(problem?.description.contains("(centre).\(key)") == true)
  }

  @Test(arguments: [4.0, -4, 100]) func refusesAmountsOfFourAndMore(amount: Double) {
    let problem = #expect(throws: FloatModelProblem.self) {
      try FloatModel(FloatModelFixture.centred(amount: amount).bytes())
    }
    #expect(problem?.description.contains("every amount must lie between -4 and 4") == true)
    #expect(throws: Never.self) {
      try FloatModel(FloatModelFixture.centred(amount: amount / abs(amount) * 3.999_99).bytes())
    }
  }

  @Test func refusesRowsOverTime() {
    var fixture = FloatModelFixture.centred()
    fixture.change(node: "centre") { $0["inputs"] = ["both"] }
    let problem = #expect(throws: FloatModelProblem.self) { try FloatModel(fixture.bytes()) }
    #expect(problem?.description.contains("(centre): it needs the one row of a decision") == true)
  }

  /// The same function in fewer operators, of a talker of whom much is known too.
  @Test func normalizationBeforeItFoldsAndAReLUBehindItIsItsFlag() throws {
    let model = try FloatModel(FloatModelFixture.centred().bytes())
    let normalized = model.graph.normalized()
    let index = try #require(normalized.names.firstIndex(of: "centre+relu3"))
    #expect(normalized.names[index - 1] == "hidden+bn3")
    #expect(normalized.operators[index].hasRelu && normalized.operators[index].kind == .centre)
    try expectEqualSessions(model, FloatNetwork(model), FloatNetwork(model, graph: normalized))
  }

  /// Channels before and behind it share their gains, which its memory follows.
  @Test(arguments: UInt64(1)...3) func dividingChannelsChangesNoSession(seed: UInt64) throws {
    let model = try FloatModel(FloatModelFixture.centred(seed: seed).bytes())
    let graph = model.graph.normalized()
    var session = FloatSession(FloatNetwork(model, graph: graph))
    var ranges = ChannelRanges(graph)
    for context in placed(.sessions(for: model, count: 12, segments: 5)) {
      ranges.add(session.trace(context))
    }
    let gains = ChannelGains(graph, ranges)
    let index = try #require(graph.names.firstIndex(of: "centre+relu3"))
    #expect(gains.gains[index + 1] == gains.gains[index])
    #expect(Set(gains.gains[index]).count > 1)
    var divided = graph
    for index in divided.operators.indices.suffix(3) {
      divided.parameters[index] = gains.parameters(index, of: graph)
    }
    // What is before it stays as it was.
    let hidden = divided.operators.count - 3
    let columns = gains.gains[Int(graph.operators[hidden].inputs[0])]
    if case .matrix(let weights, let bias) = divided.parameters[hidden] {
      divided.parameters[hidden] = .matrix(
        weights: weights.indices.map { weights[$0] / columns[$0 % columns.count] }, bias: bias)
    }
    try expectEqualSessions(
      model, FloatNetwork(model, graph: graph), FloatNetwork(model, graph: divided))
  }

  private func placed(_ contexts: CalibrationContexts) -> [PlacedContext] {
    zip(contexts.contexts, contexts.places).map { PlacedContext(frames: $0, place: $1) }
  }

  private func expectEqualSessions(
    _ model: FloatModel, _ first: FloatNetwork, _ second: FloatNetwork
  ) throws {
    var sessions = (FloatSession(first), FloatSession(second))
    for context in placed(.sessions(for: model, count: 14, segments: 6)) {
      let logits = (sessions.0.trace(context).logits, sessions.1.trace(context).logits)
      for (one, other) in zip(logits.0, logits.1) { #expect(abs(one - other) < 1e-9) }
    }
  }

  /// The formula over a list of segments, in the words of docs/NUMERICS.md.
  @Test func theFloatNetworkTakesOutTheMeanOfPastSegments() throws {
    let model = try FloatModel(
      FloatModelFixture.centred(prior: 3, segments: 64).bytes())
    let graph = model.graph
    let index = try #require(graph.names.firstIndex(of: "centre"))
    guard case .centre(let amount, let mean, _, _) = graph.parameters[index] else {
      Issue.record("no centre")
      return
    }
    var session = FloatSession(FloatNetwork(model))
    var past = Past()
    for context in placed(.sessions(for: model, count: 16, segments: 6)) {
      if context.place.beginsTalker { past = Past() }
      let trace = session.trace(context)
      let row = trace.tensors[index].values
      for channel in row.indices {
        let sum = past.segments.reduce(0) { $0 + $1[channel] - mean[channel] }
        let expected = row[channel] - amount[channel] * sum / (Double(past.segments.count) + 3)
        #expect(abs(trace.tensors[index + 1].values[channel] - expected) < 1e-9)
      }
      past.add(row, context)
    }
  }

  /// Beside the formula in double precision over its own codes: half a step for the output's
  /// rounding, and what mean, amount and offset are rounded to, Q8, Q12 and Q8.
  @Test func theInt8OperatorIsRoundedOnce() throws {
    let model = try FloatModel(FloatModelFixture.centred(prior: 3).bytes())
    let contexts = CalibrationContexts.sessions(for: model, count: 30, segments: 9)
    let checked = try CheckedModel(
      AlignedMemory(Quantizer(model, contexts: contexts).run().file))
    let program = checked.model.program
    let index = try #require(program.operators.firstIndex { $0.kind == .centre })
    let (from, to) = (program.tensors[index], program.tensors[index + 1])
    let block = program.weights.baseAddress! + Int(program.operators[index].parameters)
    let layout = CentreLayout(channels: 12)
    func number(_ offset: Int, _ channel: Int, _ scale: Double) -> Double {
      Double(block.load(fromByteOffset: offset + 4 * channel, as: Int32.self)) * scale
    }
    let trace = IntegerTrace(checked)
    var past = Past()
    var largest = 0.0
    for context in placed(contexts) {
      if context.place.beginsTalker { past = Past() }
      trace.run(context)
      let row = trace.codes[index].map { Double($0) }
      for channel in 0..<12 {
        let mean = number(layout.means, channel, 0x1p-8)
        let sum = past.segments.reduce(0) { $0 + $1[channel] - mean }
        let offset =
          number(layout.amounts, channel, 0x1p-12) * sum / (Double(past.segments.count) + 3)
        let real = Double(from.scale) * (row[channel] - Double(from.zeroPoint) - offset)
        let steps = max(0, real / Double(to.scale)) + Double(to.zeroPoint)
        largest = max(largest, abs(Double(trace.codes[index + 1][channel]) - min(steps, 127)))
      }
      past.add(row, context)
    }
    #expect(largest > 0.45 && largest < 0.52, "\(largest) steps")
  }

  /// Random contexts are much alike, so that most of a layer is taken out as if it were the
  /// talker's; its noise is not, hence a few decibels less than without.
  @Test(arguments: UInt64(1)...3) func theInt8NetworkCentresAsTheFloatOneDoes(seed: UInt64) throws {
    let model = try FloatModel(FloatModelFixture.centred(seed: seed, segments: 3).bytes())
    let contexts = CalibrationContexts.sessions(for: model, count: 40, segments: 12)
    let report = try Quantizer(model, contexts: contexts).run(jobs: 2).report
    #expect(report.logitSignalToNoise >= 31, "\n\(report.text)")
    #expect(report.agreement >= 0.95, "\n\(report.text)")
    let centre = try #require(report.layers.first { $0.name == "centre+relu3" })
    #expect(centre.operation == "centre relu" && centre.signalToNoise > 30, "\n\(report.text)")
    #expect(centre.parameterCount == 24)
  }

  /// Each input of a concatenation has gains of its own, which what is centred takes over.
  @Test func whatIsConcatenatedCanBeCentredToo() throws {
    let model = try FloatModel(FloatModelFixture.centredPools().bytes())
    let contexts = CalibrationContexts.sessions(for: model, count: 40, segments: 12)
    let report = try Quantizer(model, contexts: contexts).run(jobs: 2).report
    // With one gain amiss there would be less than 20 dB.
    let centre = try #require(report.layers.first { $0.name == "centre" })
    #expect(centre.signalToNoise > 33 && report.logitSignalToNoise > 27, "\n\(report.text)")
  }

  @Test func calibrationHearsSessionsAndTheFileDoesNotDependOnThreads() throws {
    let model = try FloatModel(FloatModelFixture.centred(amount: 3).bytes())
    var contexts = CalibrationContexts.sessions(for: model, count: 20, segments: 6)
    let file = try Quantizer(model, contexts: contexts).run(jobs: 1).file
    #expect(try Quantizer(model, contexts: contexts).run(jobs: 3).file == file)
    contexts.places = []
    #expect(try Quantizer(model, contexts: contexts).run().file != file)
  }

  /// Of a model that does not centre, the same bytes as ever: sessions are nothing to it.
  @Test func otherModelsAreNotTouchedBySessions() throws {
    let model = try FloatModel(FloatModelFixture().bytes())
    var contexts = CalibrationContexts.sessions(for: model, count: 40, segments: 6)
    let file = try Quantizer(model, contexts: contexts).run(jobs: 2).file
    contexts.places = []
    #expect(try Quantizer(model, contexts: contexts).run().file == file)
  }

  /// A burst of noise, which the energy detector takes for a segment.
  private func burst(_ seed: UInt64, seconds: Double = 1.2) -> [Int16] {
    var generator = SplitMix(seed: seed)
    func noise(_ seconds: Double, _ amplitude: Int, _ smoothness: Int) -> [Int16] {
      var last = 0
      return (0..<Int(seconds * 16_000)).map { _ in
        last = (last * smoothness + generator.integer(-amplitude...amplitude)) / (smoothness + 1)
        return Int16(last)
      }
    }
    return noise(0.6, 20, 0) + noise(seconds, 9000, Int(seed % 3)) + noise(0.6, 20, 0)
  }

  @Test func contextsAreCollectedWithTheirTalkersAndSegments() throws {
    let model = try FloatModel(FloatModelFixture.centred().bytes())
    let collector = try ContextCollector(model)
    for session in 0..<2 {
      collector.restart()
      for number in 0..<3 { collector.hear(burst(UInt64(3 * session + number))) }
    }
    let collected = collector.collected
    #expect(collected.places.count == collected.contexts.count)
    #expect(collected.places.filter { $0.ending != nil }.count == 6)
    #expect(collected.places.filter(\.beginsTalker).count == 2)
    #expect(collected.places.first?.beginsTalker == true)
    #expect(collected.places.compactMap(\.ending).allSatisfy { $0.isRemembered })
  }

  /// The fixture with a standardization of the noise below: an unknown talker's features must fit
  /// int8, or clipping them is all that is compared.
  private func hearing(amount: Double) -> FloatModelFixture {
    var fixture = FloatModelFixture.centred(amount: amount)
    fixture.file.tensors.removeAll { ["mean", "deviation"].contains($0.name) }
    fixture.file.tensors += [
      ("mean", [40], [75] + [Double](repeating: 0, count: 39)),
      ("deviation", [40], [15] + [Double](repeating: 3, count: 39)),
    ]
    return fixture
  }

  /// As `eval` runs them: both judge sessions of recordings, and centre what they hear of them.
  @Test func bothNetworksJudgeSessionsAlike() throws {
    let model = try FloatModel(hearing(amount: 2).bytes())
    let collector = try ContextCollector(model)
    let recordings = (0..<6).map { burst(UInt64($0)) }
    for recording in recordings { collector.hear(recording) }
    let folder = TemporaryFolder()
    let path = folder.path("centred.edge")
    let file = try Quantizer(model, contexts: collector.collected).run().file
    try Data(file).write(to: URL(fileURLWithPath: path))
    let loaded = try LoadedModel(path: path)
    let device = DeviceModelJudges(loaded).makeJudge(.detected)
    let floats = try FloatModelJudges(model)
    let float = floats.makeJudge(.detected, withInterims: false)
    let uncentred = try FloatModelJudges(FloatModel(hearing(amount: 0).bytes()))
    let plain = uncentred.makeJudge(.detected, withInterims: false)
    for _ in 0..<2 {
      for judge in [device, float, plain] { judge.restart() }
      for (number, recording) in recordings.enumerated() {
        let found = try [device, float, plain].map { try #require($0.judge(recording).logits) }
        // Q16 of log2: a hundredth of the odds is 940.
        for index in 0..<3 {
          let (int8, double) = (found[0].values[index], found[1].values[index])
          #expect(
            abs(Double(int8) - Double(double)) < 12_000, "recording \(number): \(int8), \(double)")
        }
        let change = (0..<3).map { abs(found[1].values[$0] - found[2].values[$0]) }.max()!
        #expect(number == 0 ? change == 0 : change > 6000, "recording \(number): \(change)")
      }
    }
    withExtendedLifetime((loaded, floats, uncentred)) {}
  }
}
