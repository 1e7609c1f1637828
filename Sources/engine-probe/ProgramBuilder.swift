import FixedPoint
import Inference

/// A program with the operator asked for, first or behind a window. What it makes is pooled where
/// it has rows, and logits that nobody reads follow, because a program ends with them.
struct ProgramBuilder {
  private var operators: [Operator] = []
  private(set) var tensors: [Tensor]
  private var weights: [UInt8] = []
  /// The tensor that the operator makes.
  private(set) var answer = 1

  init(_ request: Request, _ operation: String) throws {
    let channels = try request.integer("channels")
    tensors = [
      Tensor(
        channels: Int32(channels), rate: 1, scale: try request.scale("input_scale"),
        zeroPoint: Int32(try request.integer("input_zero")))
    ]
    switch operation {
    case "conv1d", "dense":
      try appendMatrix(operation == "dense" ? .dense : .conv1D, request, channels)
    case "max_pool":
      let stride = Int32(try request.integer("stride"))
      append(
        Operator(
          .maxPool1D, input: 0, output: 1, kernel: Int32(try request.integer("kernel")),
          stride: stride),
        channels: channels, rate: stride, grid: tensors[0], [])
    case "mean_pool":
      let grid = try outputGrid(request)
      let constants = try PoolConstants(
        inputScale: Double(tensors[0].scale), outputScale: Double(grid.scale))
      append(
        Operator(.meanPool, input: 0, output: 1), channels: channels, rate: 0, grid: grid,
        bytes(64) { $0.storeBytes(of: constants, as: PoolConstants.self) })
    case "conv2d", "depthwise2d", "max_pool2d", "average_pool2d":
      try appendPlane(operation, request)
      answer = 2
    default:
      throw ProbeProblem.unknownOperator(operation)
    }
    if tensors[1].rate > 0 {
      append(
        Operator(.globalMaxPool, input: 1, output: 2), channels: Int(tensors[1].channels), rate: 0,
        grid: tensors[1], [])
    }
    appendLogits()
  }

  /// Runs `body` on the program, once it is checked.
  func withProgram<Result>(_ body: (Program) throws -> Result) throws -> Result {
    let memory = UnsafeMutableRawBufferPointer.allocate(
      byteCount: weights.count, alignment: Arena.alignment)
    defer { memory.deallocate() }
    memory.copyBytes(from: weights)
    return try operators.withUnsafeBufferPointer { operators in
      try tensors.withUnsafeBufferPointer { tensors in
        let program = Program(
          operators: operators, tensors: tensors, weights: UnsafeRawBufferPointer(memory))
        try program.check()
        return try body(program)
      }
    }
  }

  func outputGrid(_ request: Request) throws -> Tensor {
    Tensor(
      channels: 0, rate: 0, scale: try request.scale("output_scale"),
      zeroPoint: Int32(try request.integer("output_zero")))
  }

  private mutating func appendMatrix(
    _ kind: OperatorKind, _ request: Request, _ channels: Int
  ) throws {
    let isConvolution = kind == .conv1D
    let outputs = try request.integer("outputs")
    let kernel = isConvolution ? try request.integer("kernel") : 1
    let stride = isConvolution ? try request.integer("stride") : 1
    let dilation = isConvolution ? try request.integer("dilation") : 1
    let grid = try outputGrid(request)
    let layout = MatrixLayout(outputs: outputs, depth: kernel * channels)
    append(
      Operator(
        kind, input: 0, output: 1, kernel: Int32(kernel), stride: Int32(stride),
        dilation: Int32(dilation), relu: try request.integer("relu") != 0),
      channels: outputs, rate: Int32(stride), grid: grid, try matrix(layout, request, grid))
  }

  /// The request's weights as a block, from the grid of the input to `grid`.
  func matrix(
    _ layout: MatrixLayout, _ request: Request, _ grid: Tensor
  ) throws -> [UInt8] {
    let codes = try request.integers("weights").map { Int8($0) }
    let rescalers = try request.scales("weight_scales").map { scale in
      try Rescaler(ratio: Double(tensors[0].scale) * Double(scale) / Double(grid.scale))
    }
    let zero = Int32(tensors[0].zeroPoint)
    let biases = try request.integers("bias").enumerated().map { output, bias in
      let row = codes[output * layout.depth..<(output + 1) * layout.depth]
      return Int32(bias) - zero * row.reduce(0) { $0 + Int32($1) }
    }
    guard codes.count == layout.outputs * layout.depth, rescalers.count == layout.outputs,
      biases.count == layout.outputs
    else { throw ProbeProblem.field("weights") }
    return bytes(layout.byteCount) {
      layout.pack(weights: codes, biases: biases, rescalers: rescalers, into: $0)
    }
  }

  private mutating func appendLogits() {
    let input = Int32(tensors.count - 1)
    let layout = MatrixLayout(outputs: 1, depth: Int(tensors[tensors.count - 1].channels))
    let zeros = [Int8](repeating: 0, count: layout.depth)
    append(
      Operator(.logits, input: input, output: input + 1), channels: 1, rate: 0,
      grid: Tensor(channels: 1, rate: 0),
      bytes(layout.byteCount) {
        layout.pack(
          weights: zeros, biases: [0], rescalers: [Rescaler(mantissa: 0, shift: 62)], into: $0)
      })
  }

  mutating func append(
    _ step: Operator, channels: Int, rate: Int32, grid: Tensor, _ block: [UInt8]
  ) {
    var step = step
    if !block.isEmpty {
      step.parameters = UInt64(weights.count)
      step.parameterBytes = UInt64(block.count)
    }
    operators.append(step)
    tensors.append(
      Tensor(
        channels: Int32(channels), rate: rate, scale: grid.scale, zeroPoint: grid.zeroPoint))
    weights += block
  }

  func bytes(_ count: Int, _ body: (UnsafeMutableRawPointer) -> Void) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
      buffer.initialize(repeating: 0)
      body(buffer.baseAddress!)
      initialized = count
    }
  }
}
