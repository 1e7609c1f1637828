import FixedPoint

@testable import Inference

/// The integers of one operator as plain numbers, which `Definition` computes with.
enum Layer {
  case none
  case matrix(TestMatrix)
  case lstm(input: TestMatrix, recurrent: TestMatrix, constants: LSTMConstants)
  case affine(mantissas: [Int], offsets: [Int], shifts: [Int])
  case add(AddConstants)
  case concatenate(ConcatenateConstants)
  case pool(PoolConstants, weights: [Int])
  case plane(PlaneGeometry, TestMatrix)
  case planePool(PlaneGeometry, PoolConstants?)
  case pack([Int])
  case recurrent(input: TestMatrix, recurrent: TestMatrix, PoolConstants)
  case centre(means: [Int], amounts: [Int], CentreConstants)
}

/// A matrix row by row, as it was before it was laid out.
struct TestMatrix {
  var weights: [[Int]]
  var biases: [Int]
  var rescalers: [Rescaler]

  var layout: MatrixLayout { MatrixLayout(outputs: weights.count, depth: weights[0].count) }

  func packed() -> [UInt8] {
    let flat = weights.flatMap { $0.map { Int8($0) } }
    return bytes(layout.byteCount) {
      layout.pack(weights: flat, biases: biases.map { Int32($0) }, rescalers: rescalers, into: $0)
    }
  }
}

/// `count` bytes as `body` fills them.
func bytes(_ count: Int, _ body: (UnsafeMutableRawPointer) throws -> Void) rethrows -> [UInt8] {
  let memory = UnsafeMutableRawPointer.allocate(byteCount: max(count, 1), alignment: 64)
  defer { memory.deallocate() }
  memory.initializeMemory(as: UInt8.self, repeating: 0, count: count)
  try body(memory)
  return Array(UnsafeRawBufferPointer(start: memory, count: count))
}

/// A 64-byte block that holds one record.
func block<Record: BitwiseCopyable>(of record: Record) -> [UInt8] {
  bytes(64) { $0.storeBytes(of: record, as: Record.self) }
}

/// A program under construction, beside the plain numbers that it was made of.
struct TestProgram {
  var tensors: [Tensor]
  var operators: [Operator] = []
  var layers: [Layer] = []
  var weights: [UInt8] = []

  init(channels: Int, zeroPoint: Int = 0) {
    tensors = [Tensor(channels: Int32(channels), rate: 1, scale: 0.05, zeroPoint: Int32(zeroPoint))]
  }

  /// Appends an operator whose output is the next tensor; gives that tensor's index.
  @discardableResult
  mutating func append(
    _ kind: OperatorKind, inputs: [Int], channels: Int, rate: Int, zeroPoint: Int = 0,
    scale: Float = 0.05, kernel: Int = 1, stride: Int = 1, dilation: Int = 1, relu: Bool = false,
    layer: Layer, block: [UInt8]
  ) -> Int {
    var places = SIMD4<Int32>(repeating: -1)
    for (place, input) in inputs.enumerated() { places[place] = Int32(input) }
    operators.append(
      Operator(
        kind, inputs: places, output: Int32(tensors.count), kernel: Int32(kernel),
        stride: Int32(stride), dilation: Int32(dilation), relu: relu,
        parameters: UInt64(weights.count), parameterBytes: UInt64(block.count)))
    tensors.append(
      Tensor(
        channels: Int32(channels), rate: Int32(rate), scale: scale, zeroPoint: Int32(zeroPoint)))
    layers.append(layer)
    weights += block
    return tensors.count - 1
  }

  /// Runs `body` on the program in aligned memory.
  func withProgram<Result>(_ body: (Program) throws -> Result) rethrows -> Result {
    let memory = UnsafeMutableRawBufferPointer.allocate(
      byteCount: max(weights.count, 64), alignment: 64)
    defer { memory.deallocate() }
    memory.copyBytes(from: weights)
    return try operators.withUnsafeBufferPointer { operators in
      try tensors.withUnsafeBufferPointer { tensors in
        try body(
          Program(
            operators: operators, tensors: tensors,
            weights: UnsafeRawBufferPointer(rebasing: memory[..<weights.count])))
      }
    }
  }

  /// Runs `body` on a started graph of the checked program. Its memory is filled with 0x55 first:
  /// nothing may depend on what lay there.
  func withGraph<Result>(
    _ variant: KernelVariant = .best, keepsTensors: Bool = false,
    _ body: (inout Graph) throws -> Result
  ) throws -> Result {
    try withProgram { program in
      try program.check()
      var counting = Arena.counting()
      _ = Graph(program, variant: variant, keepsTensors: keepsTensors, arena: &counting)
      let memory = UnsafeMutableRawBufferPointer.allocate(
        byteCount: counting.used, alignment: Arena.alignment)
      defer { memory.deallocate() }
      memory.initializeMemory(as: UInt8.self, repeating: 0x55)
      var arena = Arena(memory)
      var graph = Graph(program, variant: variant, keepsTensors: keepsTensors, arena: &arena)
      graph.restart()
      return try body(&graph)
    }
  }

  /// The logits after `rows`, pushed `sizes` at a time (in a circle).
  func logits(
    _ rows: [[Int]], sizes: [Int], variant: KernelVariant = .best
  ) throws -> [Int] {
    try withGraph(variant) { graph in
      graph.push(rows, sizes: sizes)
      return graph.logits()
    }
  }
}

extension Graph {
  /// Pushes `rows`, `sizes` at a time, in a circle.
  mutating func push(_ rows: [[Int]], sizes: [Int]) {
    var start = 0
    var turn = 0
    while start < rows.count {
      let count = min(sizes[turn % sizes.count], rows.count - start)
      let flat = rows[start..<start + count].flatMap { $0.map { Int8($0) } }
      push(flat, count: count)
      start += count
      turn += 1
    }
  }

  /// The decision now.
  mutating func logits() -> [Int] {
    var logits = [Int32](repeating: 0, count: program.classCount)
    decide(into: &logits)
    return logits.map { Int($0) }
  }
}
