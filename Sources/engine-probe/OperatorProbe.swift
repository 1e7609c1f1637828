import Inference
import JSON
import ModelFile
import Recognition

/// One operator of the engine on tensors that somebody else chose.
enum OperatorProbe {
  /// The codes that the operator of `request` makes of its rows, checked with every variant that
  /// this processor has.
  static func run(_ request: JSONValue) throws -> [Int32] {
    let request = try Request(request)
    let operation = try request.text("op")
    if operation == "softmax" { return try softmax(request) }
    let builder = try ProgramBuilder(request, operation)
    let rows = try request.integers("rows").map { Int8($0) }
    var answer: [Int32]?
    for raw in UInt8(0)... {
      guard let variant = KernelVariant(rawValue: raw) else { break }
      guard variant.isAvailable else { continue }
      let codes = try builder.withProgram { run($0, builder.answer, rows, variant) }
      precondition(answer == nil || answer == codes, "\(variant) differs from portable Swift")
      answer = codes
    }
    return answer ?? []
  }

  /// Pushes all rows, a few at a time, and collects what becomes of tensor `answer`.
  private static func run(
    _ program: Program, _ answer: Int, _ rows: [Int8], _ variant: KernelVariant
  ) -> [Int32] {
    let memory = ArenaMemory {
      _ = Graph(program, variant: variant, keepsTensors: true, arena: &$0)
    }
    defer { withExtendedLifetime(memory) {} }
    var arena = memory.arena()
    var graph = Graph(program, variant: variant, keepsTensors: true, arena: &arena)
    let isDecision = program.tensors[answer].rate == 0
    var codes: [Int32] = []
    var logits: Int32 = 0
    graph.restart()
    rows.withUnsafeBufferPointer { rows in
      let count = rows.count / program.inputChannels
      for start in stride(from: 0, to: count, by: Graph.maximumRows) {
        graph.push(
          rows.baseAddress! + start * program.inputChannels,
          count: min(Graph.maximumRows, count - start))
        if !isDecision { codes += graph.codes(ofTensor: answer).map { Int32($0) } }
      }
    }
    if isDecision {
      graph.decide(into: &logits)
      codes = graph.codes(ofTensor: answer).map { Int32($0) }
    }
    return codes
  }

  /// Rows of Q16 logits to rows of ten-thousandths.
  private static func softmax(_ request: Request) throws -> [Int32] {
    let classes = try request.integer("channels")
    let logits = try request.integers("rows").map { Int32($0) }
    return stride(from: 0, to: logits.count, by: classes).flatMap { start in
      logits[start..<start + classes].withUnsafeBufferPointer { row in
        let scores = Scores(
          Recognition.Logits(row.baseAddress!, count: classes), classCount: classes)
        return (0..<classes).map { scores.values[$0] }
      }
    }
  }
}
