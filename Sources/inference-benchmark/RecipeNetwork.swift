import FixedPoint
import Inference

/// A network of the default model's size with random weights: two strided convolutions, three dilated residual ones, an
/// LSTM, four poolings, two dense layers. 118 features a frame, 0.12 million multiplications.
struct RecipeNetwork {
  private var operators: [Operator] = []
  private var tensors = [Tensor(channels: 118, rate: 1, scale: 0.05)]
  private var blocks: [UInt8] = []
  /// Multiplications for one frame, on average.
  private(set) var multiplicationsPerFrame = 0.0

  init() {
    var rows = matrix(.conv1D, 0, outputs: 128, kernel: 5, stride: 2, relu: true)
    rows = matrix(.conv1D, rows, outputs: 128, kernel: 3, stride: 2, relu: true)
    for dilation in [2, 4, 4] {
      let convolved = matrix(
        .conv1D, rows, outputs: 128, kernel: 3, dilation: dilation, relu: true)
      let constants = try! AddConstants(firstRatio: 0.7, secondRatio: 0.6)
      rows = append(.add, [convolved, rows], channels: 128, rate: 4, record(constants))
    }
    let remembered = lstm(rows, hidden: 128)
    let joined = concatenate([remembered, rows], channels: 256, rate: 4)
    let scores = matrix(.dense, joined, outputs: 1)
    let pool = record(try! PoolConstants(inputScale: 1, outputScale: 1))
    let attention = append(
      .attentionPool, [joined, scores], channels: 256, rate: 0,
      bytes(1024) { block in
        for code in 0..<256 {
          block.storeBytes(of: (UInt32(code) << 24) + 1, toByteOffset: 4 * code, as: UInt32.self)
        }
      } + pool)
    let statistics = append(.statisticsPool, [joined], channels: 512, rate: 0, pool)
    let maximum = append(.globalMaxPool, [joined], channels: 256, rate: 0, [])
    let all = concatenate([attention, statistics, maximum], channels: 1024, rate: 0)
    _ = matrix(.logits, matrix(.dense, all, outputs: 128, relu: true), outputs: 6)
  }

  /// Runs `body` on the checked program.
  func withProgram(_ body: (Program) throws -> Void) throws {
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: blocks.count, alignment: 64)
    defer { memory.deallocate() }
    memory.copyBytes(from: blocks)
    try operators.withUnsafeBufferPointer { operators in
      try tensors.withUnsafeBufferPointer { tensors in
        let program = Program(
          operators: operators, tensors: tensors, weights: UnsafeRawBufferPointer(memory))
        try program.check()
        try body(program)
      }
    }
  }

  private mutating func append(
    _ kind: OperatorKind, _ inputs: [Int], channels: Int, rate: Int, kernel: Int = 1,
    stride: Int = 1, dilation: Int = 1, relu: Bool = false, _ block: [UInt8]
  ) -> Int {
    var places = SIMD4<Int32>(repeating: -1)
    for (place, input) in inputs.enumerated() { places[place] = Int32(input) }
    operators.append(
      Operator(
        kind, inputs: places, output: Int32(tensors.count), kernel: Int32(kernel),
        stride: Int32(stride), dilation: Int32(dilation), relu: relu,
        parameters: UInt64(blocks.count), parameterBytes: UInt64(block.count)))
    tensors.append(Tensor(channels: Int32(channels), rate: Int32(rate), scale: 0.05))
    blocks += block
    return tensors.count - 1
  }

  private mutating func matrix(
    _ kind: OperatorKind, _ input: Int, outputs: Int, kernel: Int = 1, stride: Int = 1,
    dilation: Int = 1, relu: Bool = false
  ) -> Int {
    let from = tensors[input]
    let layout = MatrixLayout(outputs: outputs, depth: kernel * Int(from.channels))
    let rate = Int(from.rate) * stride
    count(layout, rate: rate)
    return append(
      kind, [input], channels: outputs, rate: rate, kernel: kernel, stride: stride,
      dilation: dilation, relu: relu, packed(layout, spread: kind == .logits ? 1e5 : 40))
  }

  private mutating func lstm(_ input: Int, hidden: Int) -> Int {
    let from = tensors[input]
    let layout = LSTMLayout(channels: Int(from.channels), hidden: hidden)
    count(layout.input, rate: Int(from.rate))
    count(layout.recurrent, rate: Int(from.rate))
    let constants = try! LSTMConstants(greatestCell: 3, outputScale: 1 / 127.0)
    return append(
      .lstm, [input], channels: hidden, rate: Int(from.rate),
      packed(layout.input, spread: 3000) + packed(layout.recurrent, spread: 3000)
        + record(constants))
  }

  private mutating func concatenate(_ inputs: [Int], channels: Int, rate: Int) -> Int {
    var ratios = SIMD4<Double>.zero
    for place in inputs.indices { ratios[place] = 0.8 }
    return append(
      .concatenate, inputs, channels: channels, rate: rate,
      record(try! ConcatenateConstants(ratios: ratios)))
  }

  private mutating func count(_ layout: MatrixLayout, rate: Int) {
    if rate > 0 { multiplicationsPerFrame += Double(layout.outputs * layout.depth) / Double(rate) }
  }

  private func packed(_ layout: MatrixLayout, spread: Double) -> [UInt8] {
    let weights = (0..<layout.outputs * layout.depth).map { _ in Int8.random(in: -127...127) }
    let ratio = spread / (73 * 40 * Double(layout.depth).squareRoot())
    let rescalers = Array(repeating: try! Rescaler(ratio: ratio), count: layout.outputs)
    let biases = [Int32](repeating: 100, count: layout.outputs)
    return bytes(layout.byteCount) {
      layout.pack(weights: weights, biases: biases, rescalers: rescalers, into: $0)
    }
  }

  private func record<Record: BitwiseCopyable>(_ record: Record) -> [UInt8] {
    bytes(64) { $0.storeBytes(of: record, as: Record.self) }
  }

  private func bytes(_ count: Int, _ body: (UnsafeMutableRawPointer) -> Void) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
      buffer.initialize(repeating: 0)
      body(buffer.baseAddress!)
      initialized = count
    }
  }
}
