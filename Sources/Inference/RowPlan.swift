import FixedPoint

/// Where the rows of every tensor are during one call, and the buffers that kernels share.
struct RowPlan: BitwiseCopyable {
  /// Bytes that a product may read after a row (and multiply by zero), rounded up to keep rows
  /// aligned.
  static let overread = Arena.alignment

  /// Which instructions the kernels use.
  let variant: KernelVariant
  private let activations: ActivationPlan
  private let memory: UnsafeMutablePointer<Int8>
  /// Buffer for the sums of the widest product, for `Graph.maximumRows` rows.
  let sums: UnsafeMutablePointer<Int32>
  /// Buffer for the sums of one row of the widest recurrent product.
  let recurrentSums: UnsafeMutablePointer<Int32>
  /// Buffer for the gathered taps of the deepest dilated convolution or plane patch.
  let columns: UnsafeMutablePointer<Int8>

  /// Reserves the rows of all tensors of `program` and the buffers of its kernels.
  init(_ program: Program, variant: KernelVariant, reuse: Bool, arena: inout Arena) {
    self.variant = variant
    activations = ActivationPlan(program, reuse: reuse)
    memory = arena.take(Int8.self, count: activations.byteCount)
    var needs = KernelNeeds()
    for step in program.operators { needs.add(step, of: program) }
    sums = arena.take(Int32.self, count: needs.sums * Graph.maximumRows)
    recurrentSums = arena.take(Int32.self, count: needs.recurrentSums)
    columns = arena.take(
      Int8.self, count: needs.columns * Graph.maximumRows + RowPlan.overread)
  }

  /// The rows of tensor `index` of this call or decision.
  func rows(_ index: Int32) -> UnsafeMutablePointer<Int8> {
    memory + activations.offset(Int(index))
  }

  /// Rows of tensor `index` in a decision; along time, the most that a call can have.
  func rowCount(_ index: Int32) -> Int { activations.rowCount(Int(index)) }
}

/// The sizes of the shared buffers: the most that any kernel of a program needs.
private struct KernelNeeds {
  var sums = 0
  var recurrentSums = 0
  var columns = 0

  mutating func add(_ step: Operator, of program: Program) {
    let channels = Int(program.tensors[Int(step.inputs[0])].channels)
    let outputs = Int(program.tensors[Int(step.output)].channels)
    switch step.kind {
    case .conv1D:
      let layout = MatrixLayout(outputs: outputs, depth: Int(step.kernel) * channels)
      sums = max(sums, layout.paddedOutputs)
      if step.dilation > 1 { columns = max(columns, layout.paddedDepth) }
    case .dense, .logits:
      sums = max(sums, MatrixLayout(outputs: outputs, depth: channels).paddedOutputs)
    case .lstm, .simpleRNN:
      let layout = RecurrentLayout(
        gates: step.kind == .lstm ? 4 : 1, channels: channels, hidden: outputs)
      sums = max(sums, layout.input.paddedOutputs)
      recurrentSums = max(recurrentSums, layout.recurrent.paddedOutputs)
    case .conv2D:
      let layout = program.planeMatrix(of: step)
      sums = max(sums, layout.paddedOutputs)
      columns = max(columns, layout.paddedDepth)
    case .depthwise2D:
      let layout = program.planeMatrix(of: step)
      sums = max(sums, layout.paddedOutputs)
      columns = max(columns, layout.outputs * layout.depth)
    case .averagePool2D:
      sums = max(sums, channels)
    default:
      break
    }
  }
}
