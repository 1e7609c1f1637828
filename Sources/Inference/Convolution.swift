import FixedPoint

/// Causal convolution over time with stride and dilation, and an optional ReLU.
///
/// Consecutive rows of history, `channels · kernel` bytes, form one column of the product, so an
/// undilated convolution reads them in place; a dilated one gathers its taps first, one copy per
/// `outputs` multiplications.
struct Convolution: BitwiseCopyable {
  private let layer: LinearLayer
  private let history: History
  private let input: UnsafePointer<Int8>
  private let output: UnsafeMutablePointer<Int8>
  private let sums: UnsafeMutablePointer<Int32>
  private let gathered: UnsafeMutablePointer<Int8>
  private let kernel: Int
  private let stride: Int
  private let dilation: Int
  private let paddingCode: Int8
  private let zeroPoint: Int32
  private let least: Int32

  init(_ step: Operator, in program: Program, plan: RowPlan, arena: inout Arena) {
    let from = program.tensors[Int(step.inputs[0])]
    let to = program.tensors[Int(step.output)]
    kernel = Int(step.kernel)
    stride = Int(step.stride)
    dilation = Int(step.dilation)
    layer = LinearLayer(
      MatrixLayout(outputs: Int(to.channels), depth: kernel * Int(from.channels)),
      at: program.block(of: step), variant: plan.variant, arena: &arena)
    history = History(
      past: (kernel - 1) * dilation, channels: Int(from.channels), first: 0, stride: stride,
      arena: &arena)
    input = UnsafePointer(plan.rows(step.inputs[0]))
    output = plan.rows(step.output)
    sums = plan.sums
    gathered = plan.columns
    paddingCode = Int8(truncatingIfNeeded: from.zeroPoint)
    zeroPoint = to.zeroPoint
    least = step.hasRelu ? to.zeroPoint : -128
  }

  func prepare() { layer.prepare() }

  func restart() { history.restart(zeroPoint: paddingCode) }

  /// Takes `count` rows, computes the outputs that are due, and returns their number.
  func push(_ count: Int) -> Int {
    history.append(input, count: count)
    var outputs = 0
    var row = history.firstDue()
    let start = row
    while row < count {
      if dilation > 1 { gather(row, into: gathered + outputs &* layer.matrix.paddedDepth) }
      outputs &+= 1
      row &+= stride
    }
    if outputs > 0 {
      let columns = dilation > 1 ? UnsafePointer(gathered) : history.window(start)
      let apart = dilation > 1 ? layer.matrix.paddedDepth : stride &* history.channels
      layer.multiply(columns, stride: apart, rows: outputs, into: sums)
      layer.requantize(
        sums, rows: outputs, zeroPoint: zeroPoint, least: least, into: output)
    }
    history.advance(count: count, outputs: outputs)
    return outputs
  }

  /// Copies the taps of one output, sixteen bytes at a time: excess bytes are overwritten by the
  /// next tap, and after the last there is room.
  private func gather(_ row: Int, into column: UnsafeMutablePointer<Int8>) {
    let channels = history.channels
    for tap in 0..<kernel {
      let source = UnsafeRawPointer(history.window(row) + tap &* dilation &* channels)
      let target = UnsafeMutableRawPointer(column + tap &* channels)
      var index = 0
      while index < channels {
        target.storeBytes(
          of: source.loadUnaligned(fromByteOffset: index, as: SIMD16<Int8>.self),
          toByteOffset: index, as: SIMD16<Int8>.self)
        index &+= 16
      }
    }
  }
}
