import Acoustics
import Benchmark
import Console
import Inference
import JSON
import ModelFile
import Text

/// A benchmark as people and programs want to read it.
struct BenchReport {
  let path: String
  let benchmark: ModelBenchmark
  private let interimFrames: Int
  /// What each operator does.
  private let words: [String]

  init(_ loaded: LoadedModel, _ benchmark: ModelBenchmark) {
    path = loaded.path
    self.benchmark = benchmark
    words = loaded.model.program.operators.map(\.words)
    interimFrames = Int(loaded.model.recognition.parameters.interimFrames)
  }

  /// One line: what was measured, and what it is called in JSON.
  struct Line {
    let words: String
    let name: String
    let figure: Figure
  }

  private var stages: [Line] {
    var lines: [Line] = []
    var stage: FrontEnd.Stage? = .first
    while let current = stage {
      if benchmark[.stage(current)] != nil {
        lines.append(Line(words: "  \(current)", name: "\(current)", figure: .stage(current)))
      }
      stage = current.next
    }
    return lines
  }

  private func milliseconds(ofFrames count: Int) -> Int {
    Int((Double(count) * 1000 / benchmark.framesPerSecond).rounded())
  }

  private var interimMilliseconds: Int { milliseconds(ofFrames: interimFrames) }
  private var updateMilliseconds: Int { milliseconds(ofFrames: ModelBenchmark.updateFrames) }
  private var windowSeconds: Double {
    Double(milliseconds(ofFrames: ModelBenchmark.windowFrames)) / 1000
  }

  private func steps(_ figure: (Int) -> Figure) -> [Line] {
    words.indices.filter { benchmark[figure($0)] != nil }.map {
      Line(words: "  \($0 + 1) \(words[$0])", name: words[$0], figure: figure($0))
    }
  }
}

extension BenchReport {
  /// The report as a person reads it.
  var text: String {
    TextTable.aligned(facts) + "\n" + perSecond + "\n" + perFrame + "\n" + perDecision
  }

  private var facts: [(String, String)] {
    var facts = [("model", path)]
    if let processor = Processor.name { facts.append(("processor", processor)) }
    facts.append(("kernels", "\(benchmark.variant)"))
    if let peak = benchmark.rate(of: .registerPeak) {
      facts.append(("peak", "\(gigas(peak)) GMAC/s, registers alone"))
    }
    facts.append(("memory", "\(benchmark.arenaBytes) bytes a stream"))
    if let speech = benchmark[.speech]?.median {
      facts.append(
        (
          "speed",
          "\(decimal(1 / speech, places: 0)) times faster than real time (factor \(decimal(speech, places: 6)))"
        ))
    }
    return facts
  }

  private var perSecond: String {
    var rows = [["a second of speech", "µs"]]
    let front = [Line(words: "front end", name: "", figure: .frontEnd)] + stages
    rows += (front + [Line(words: "features", name: "", figure: .features)]).map(short)
    let wholes: [(String, Figure)] = [
      ("cepstral coefficients alone", .cepstrum),
      ("all, a decision every \(interimMilliseconds) ms", .speech),
      ("all, a decision every \(updateMilliseconds) ms", .updatedSpeech),
      ("all, of a second without speech", .silence),
    ]
    rows += wholes.map { short(Line(words: $0.0, name: "", figure: $0.1)) }
    return TextTable(leftAligned: [0]).text(rows)
  }

  /// One row per operator, one column per number of frames in a call.
  private var perFrame: String {
    let blocks = ModelBenchmark.blocks
    let calls = blocks.map { $0 == 1 ? "1 frame a call" : "\($0) a call" }
    var rows = [["network, a second of speech"] + calls + ["GMAC/s", "% of peak"]]
    let figures: [(String, (Int) -> Figure)] =
      [("network", { .network(block: $0) })]
      + words.indices.compactMap { index in
        guard benchmark[.step(index, block: 1)] != nil else { return nil }
        return ("  \(index + 1) \(words[index])", { .step(index, block: $0) })
      }
    for (words, figure) in figures {
      let times = blocks.map { benchmark[figure($0)].map(microseconds) ?? "" }
      rows.append([words] + times + rates(figure(blocks[blocks.count - 1])))
    }
    return TextTable(leftAligned: [0]).text(rows)
  }

  private var perDecision: String {
    var rows = [["at a time", "µs", "GMAC/s", "% of peak"]]
    rows.append(row(Line(words: "decision", name: "", figure: .decision)))
    rows += steps(Figure.decisionStep).map(row)
    let wholes: [(String, Figure)] = [
      ("\(updateMilliseconds) ms of network, and a decision", .update),
      ("window of \(decimal(windowSeconds, places: 1)) s, and a decision", .window),
    ]
    rows += wholes.map { row(Line(words: $0.0, name: "", figure: $0.1)) }
    return TextTable(leftAligned: [0]).text(rows)
  }

  private func gigas(_ rate: Double) -> String { decimal(rate / 1e9, places: 1) }

  private func microseconds(_ timing: Timing) -> String { decimal(timing.median * 1e6, places: 2) }

  private func short(_ line: Line) -> [String] {
    [line.words, benchmark[line.figure].map(microseconds) ?? ""]
  }

  private func row(_ line: Line) -> [String] { short(line) + rates(line.figure) }

  private func rates(_ figure: Figure) -> [String] {
    [
      benchmark.rate(of: figure).map(gigas) ?? "",
      benchmark.shareOfPeak(figure).map { decimal($0 * 100, places: 0) } ?? "",
    ]
  }
}

extension BenchReport {
  /// The report as one object; times in microseconds, rates in multiplications per second.
  var json: JSONValue {
    var object = JSONObject()
    object["model"] = .string(path)
    if let name = Processor.name { object["processor"] = .string(name) }
    object["kernels"] = .string("\(benchmark.variant)")
    if let peak = benchmark.rate(of: .registerPeak) { object["peak_mac_per_s"] = .number(peak) }
    object["arena_bytes"] = .integer(benchmark.arenaBytes)
    object["front_end"] = json(.frontEnd)
    object["stages"] = .array(stages.map { json($0.figure, name: $0.name) })
    object["features"] = json(.features)
    object["cepstrum"] = json(.cepstrum)
    for block in ModelBenchmark.blocks {
      object["network_by_\(block)"] = json(.network(block: block))
      object["operators_by_\(block)"] = .array(
        steps { .step($0, block: block) }.map { json($0.figure, name: $0.name) })
    }
    object["decision"] = json(.decision)
    object["decision_operators"] = .array(
      steps(Figure.decisionStep).map { json($0.figure, name: $0.name) })
    object["window"] = json(.window)
    object["update"] = json(.update)
    object["speech"] = json(.speech)
    object["updated_speech"] = json(.updatedSpeech)
    object["silence"] = json(.silence)
    return .object(object)
  }

  private func json(_ figure: Figure, name: String? = nil) -> JSONValue {
    var object = JSONObject()
    if let name { object["name"] = .string(name) }
    if let timing = benchmark[figure] {
      object["median_us"] = .number(timing.median * 1e6)
      object["least_us"] = .number(timing.least * 1e6)
    }
    if let count = benchmark.multiplications(in: figure) { object["mac"] = .number(count) }
    if let rate = benchmark.rate(of: figure) { object["mac_per_s"] = .number(rate) }
    if let share = benchmark.shareOfPeak(figure) { object["share_of_peak"] = .number(share) }
    return .object(object)
  }
}
