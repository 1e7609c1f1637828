import FixedPoint

/// Where the rows of every tensor lie during one call, and what kernels share while they compute.
struct RowPlan: BitwiseCopyable {
  /// Bytes that a product may read after a row (and multiply by zero), rounded up to keep rows aligned.
  static let overread = Arena.alignment

  /// Which instructions the kernels use.
  let variant: KernelVariant
  private let tensors: UnsafeBufferPointer<Tensor>
  private let rows: UnsafeMutablePointer<Int8>
  /// Sums of the widest product, for `Graph.maximumRows` rows.
  let sums: UnsafeMutablePointer<Int32>
  /// Sums of one row of the widest LSTM's recurrent product.
  let recurrentSums: UnsafeMutablePointer<Int32>
  /// Gathered windows of the deepest dilated convolution.
  let columns: UnsafeMutablePointer<Int8>

  /// Takes the rows of all tensors of `program` and the shared memory of its kernels.
  init(_ program: Program, variant: KernelVariant, arena: inout Arena) {
    self.variant = variant
    tensors = program.tensors
    var bytes = 0
    for tensor in program.tensors { bytes += RowPlan.byteCount(tensor) }
    rows = arena.take(Int8.self, count: bytes)
    var widest = 0
    var recurrent = 0
    var deepest = 0
    for step in program.operators {
      let channels = Int(program.tensors[Int(step.inputs[0])].channels)
      let outputs = Int(program.tensors[Int(step.output)].channels)
      switch step.kind {
      case .conv1D:
        let layout = MatrixLayout(outputs: outputs, depth: Int(step.kernel) * channels)
        widest = max(widest, layout.paddedOutputs)
        if step.dilation > 1 { deepest = max(deepest, layout.paddedDepth) }
      case .dense, .logits:
        widest = max(widest, MatrixLayout(outputs: outputs, depth: channels).paddedOutputs)
      case .lstm:
        let layout = LSTMLayout(channels: channels, hidden: outputs)
        widest = max(widest, layout.input.paddedOutputs)
        recurrent = max(recurrent, layout.recurrent.paddedOutputs)
      default:
        break
      }
    }
    sums = arena.take(Int32.self, count: widest * Graph.maximumRows)
    recurrentSums = arena.take(Int32.self, count: recurrent)
    columns = arena.take(Int8.self, count: deepest * Graph.maximumRows + RowPlan.overread)
  }

  /// The rows of tensor `index` of this call.
  func rows(_ index: Int32) -> UnsafeMutablePointer<Int8> {
    var offset = 0
    for earlier in 0..<Int(index) { offset += RowPlan.byteCount(tensors[earlier]) }
    return rows + offset
  }

  private static func byteCount(_ tensor: Tensor) -> Int {
    let count = tensor.rate == 0 ? 1 : Graph.maximumRows
    let bytes = count * Int(tensor.channels) + overread
    return (bytes + Arena.alignment - 1) & ~(Arena.alignment - 1)
  }
}
