import FixedPoint
import Inference
import ModelFile

/// A model's network, whole and operator by operator.
final class NetworkBench {
  private struct Parts: ~Copyable {
    var graph: Graph
    let rows: UnsafeMutablePointer<Int8>
    let logits: UnsafeMutablePointer<Int32>

    init(_ program: Program, variant: KernelVariant, arena: inout Arena) {
      graph = Graph(program, variant: variant, arena: &arena)
      rows = arena.take(Int8.self, count: Graph.maximumRows * program.inputChannels)
      logits = arena.take(Int32.self, count: program.classCount)
    }
  }

  private let memory: ArenaMemory
  private var parts: Parts

  init(_ program: Program, variant: KernelVariant) {
    memory = ArenaMemory { _ = Parts(program, variant: variant, arena: &$0) }
    var arena = memory.arena()
    parts = Parts(program, variant: variant, arena: &arena)
    for index in 0..<Graph.maximumRows * program.inputChannels {
      parts.rows[index] = Int8(truncatingIfNeeded: index &* 37)
    }
  }

  /// `frames` frames, `block` per call.
  func frames(_ frames: Int, block: Int) -> Contestant {
    Contestant(
      prepare: restart,
      run: { count in
        for _ in 0..<count { self.push(frames, block: block) }
      })
  }

  /// A decision.
  var decision: Contestant {
    Contestant(
      prepare: restart,
      run: { count in
        for _ in 0..<count { self.parts.graph.decide(into: self.parts.logits) }
      })
  }

  /// `frames` frames of a context, in calls as large as possible, and a decision: from a restart on
  /// if `isWindow`, otherwise within the stream.
  func update(_ frames: Int, isWindow: Bool) -> Contestant {
    Contestant(
      prepare: restart,
      run: { count in
        for _ in 0..<count {
          if isWindow { self.parts.graph.restart() }
          self.push(frames, block: Graph.maximumRows)
          self.parts.graph.decide(into: self.parts.logits)
        }
      })
  }

  /// Operator `index` over `rows` rows of its input.
  func run(operator index: Int, rows: Int) -> Contestant {
    Contestant(
      prepare: restart,
      run: { count in
        for _ in 0..<count { self.parts.graph.rerun(operator: index, rows: rows) }
      })
  }

  /// Operator `index` as part of a decision.
  func decide(operator index: Int) -> Contestant {
    Contestant(
      prepare: restart,
      run: { count in
        for _ in 0..<count { self.parts.graph.redecide(operator: index, into: self.parts.logits) }
      })
  }

  /// Begins a context, and processes enough of it for every pooling to have rows.
  private func restart() {
    parts.graph.restart()
    push(100, block: Graph.maximumRows)
    parts.graph.decide(into: parts.logits)
  }

  private func push(_ frames: Int, block: Int) {
    var left = frames
    while left > 0 {
      parts.graph.push(parts.rows, count: min(left, block))
      left -= block
    }
  }
}
