import FixedPoint

/// Static memory plan for the rows of all tensors of a program: tensors that are never alive at the
/// same time share bytes.
///
/// A tensor lives from the operator that makes it to the last that reads it. Tensors along time and
/// those that exist once per decision are never needed together, since operators' states keep
/// everything that must persist. The largest tensor is placed first, each at the lowest offset that
/// is free during its life (Pisarchyk & Lee, arXiv:2001.03288: “greedy by size”).
public struct ActivationPlan: BitwiseCopyable {
  /// Total bytes of all tensors.
  public private(set) var byteCount = 0
  private var rows = RowCounts(repeating: 0)
  private var offsets = InlineArray<257, Int>(repeating: 0)
  private var lastReaders = RowCounts(repeating: 0)

  /// The plan of a checked program. Without `reuse` every tensor has bytes of its own, so that all
  /// can be inspected afterwards.
  public init(_ program: Program, reuse: Bool = true) {
    for index in 0..<program.tensors.count {
      rows[index] = Int32(index == 0 ? Graph.maximumRows : program.rows(ofTensor: index, rows))
      lastReaders[index] = Int32(index - 1)
    }
    for index in 0..<program.operators.count {
      let step = program.operators[index]
      for place in 0..<Int(step.inputCount) {
        lastReaders[Int(step.inputs[place])] = Int32(index)
      }
    }
    var placed = InlineArray<257, Bool>(repeating: false)
    for _ in 0..<program.tensors.count {
      let index = largest(program, where: placed)
      place(index, program, placed, reuse: reuse)
      placed[index] = true
    }
  }

  /// Number of rows that tensor `index` has room for: those of one call along time, else those of a
  /// decision.
  public func rowCount(_ index: Int) -> Int { Int(rows[index]) }

  /// Where tensor `index` starts.
  public func offset(_ index: Int) -> Int { offsets[index] }

  /// The operators at which tensor `index` is alive: from the one that makes it (−1 for the input)
  /// to its last reader.
  public func life(_ index: Int) -> ClosedRange<Int> {
    index - 1...max(index - 1, Int(lastReaders[index]))
  }

  /// Bytes of tensor `index`, including what a product may read beyond its rows, rounded up to keep
  /// tensors aligned.
  public func byteCount(_ index: Int, of program: Program) -> Int {
    let bytes = Int(rows[index]) * Int(program.tensors[index].channels) + RowPlan.overread
    return (bytes + Arena.alignment - 1) & ~(Arena.alignment - 1)
  }

  /// Multiplications of operator `index` of `program`, from which this plan was made, for one row
  /// along time, or for a decision.
  public func multiplications(ofOperator index: Int, of program: Program) -> Int {
    program.multiplications(ofOperator: index, rows)
  }

  private func largest(_ program: Program, where placed: InlineArray<257, Bool>) -> Int {
    var largest = -1
    for index in 0..<program.tensors.count where !placed[index] {
      if largest < 0 || byteCount(index, of: program) > byteCount(largest, of: program) {
        largest = index
      }
    }
    return largest
  }

  /// Gives tensor `index` the lowest offset at which it does not overlap a tensor that is `placed`
  /// and alive at the same time.
  private mutating func place(
    _ index: Int, _ program: Program, _ placed: InlineArray<257, Bool>, reuse: Bool
  ) {
    let size = byteCount(index, of: program)
    let isAlongTime = program.tensors[index].rate > 0
    var offset = 0
    var isFree = false
    while !isFree {
      isFree = true
      for other in 0..<program.tensors.count where placed[other] {
        let meetInTime =
          !reuse
          || (program.tensors[other].rate > 0) == isAlongTime && life(other).overlaps(life(index))
        let end = self.offset(other) + byteCount(other, of: program)
        if meetInTime, self.offset(other) < offset + size, offset < end {
          offset = end
          isFree = false
        }
      }
    }
    offsets[index] = offset
    byteCount = max(byteCount, offset + size)
  }
}

/// Rows of every tensor: one more than `Program.maximumOperators`.
typealias RowCounts = InlineArray<257, Int32>

extension Program {
  /// Rows of tensor `index` > 0, made by a checked operator, given the `rows` of earlier tensors.
  func rows(ofTensor index: Int, _ rows: RowCounts) -> Int {
    let step = operators[index - 1]
    let from = tensors[Int(step.inputs[0])]
    let count = Int(rows[Int(step.inputs[0])])
    switch step.kind {
    case .window: return Int(step.kernel)
    case .attentionPool, .meanPool, .statisticsPool, .globalMaxPool, .lastRow, .logits: return 1
    case .conv2D, .depthwise2D, .maxPool2D, .averagePool2D:
      return geometry(of: step).outputs(0, of: count)
    case .pack: return count * Int(from.channels) / Int(tensors[index].channels)
    default: return tensors[index].rate > 0 ? Graph.maximumRows : count
    }
  }
}
