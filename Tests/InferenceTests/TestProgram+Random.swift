import FixedPoint
import TestSupport

@testable import Inference

/// How a random layer draws its numbers.
enum Style: CaseIterable {
  /// As a trained network has them.
  case typical
  /// Weights ±127 and codes at both ends.
  case extreme

  func weight(_ random: inout SplitMix) -> Int {
    switch self {
    case .typical: random.integer(-127...127) * random.integer(0...127) / 127
    case .extreme: random.chance(0.5) ? 127 : -127
    }
  }

  func code(_ random: inout SplitMix) -> Int {
    switch self {
    case .typical: random.integer(-128...127)
    case .extreme: random.chance(0.5) ? 127 : -128
    }
  }

  func rows(_ count: Int, channels: Int, _ random: inout SplitMix) -> [[Int]] {
    (0..<count).map { _ in (0..<channels).map { _ in code(&random) } }
  }

  /// A matrix whose rescaled outputs have a standard deviation of about `spread`.
  func matrix(_ outputs: Int, _ depth: Int, spread: Double, _ random: inout SplitMix) -> TestMatrix
  {
    let deviation = (self == .typical ? 42.0 * 74 : 127 * 127) * Double(depth).squareRoot()
    return TestMatrix(
      weights: (0..<outputs).map { _ in (0..<depth).map { _ in weight(&random) } },
      biases: (0..<outputs).map { _ in random.integer(-Int(deviation)...Int(deviation)) },
      rescalers: (0..<outputs).map { _ in
        try! Rescaler(ratio: spread / deviation * .random(in: 0.5...1.5, using: &random))
      })
  }
}

extension TestProgram {
  var last: Int { tensors.count - 1 }

  private func zeroPoint(_ random: inout SplitMix) -> Int {
    random.chance(0.2) ? [-128, 127, 0].randomElement(using: &random)! : random.integer(-128...127)
  }

  mutating func matrix(
    _ kind: OperatorKind, _ input: Int, outputs: Int, kernel: Int = 1, stride: Int = 1,
    dilation: Int = 1, _ style: Style, _ random: inout SplitMix
  ) -> Int {
    let from = tensors[input]
    let spread = kind == .logits ? 200_000.0 : 50
    let matrix = style.matrix(
      outputs, kernel * Int(from.channels), spread: spread, &random)
    return append(
      kind, inputs: [input], channels: outputs, rate: Int(from.rate) * stride,
      zeroPoint: kind == .logits ? 0 : zeroPoint(&random), kernel: kernel, stride: stride,
      dilation: dilation, relu: kind != .logits && random.chance(0.5), layer: .matrix(matrix),
      block: matrix.packed())
  }

  mutating func maxPool(_ input: Int, kernel: Int, stride: Int) -> Int {
    let from = tensors[input]
    return append(
      .maxPool1D, inputs: [input], channels: Int(from.channels), rate: Int(from.rate) * stride,
      zeroPoint: Int(from.zeroPoint), scale: from.scale, kernel: kernel, stride: stride,
      layer: .none, block: [])
  }

  mutating func lstm(_ input: Int, hidden: Int, _ style: Style, _ random: inout SplitMix) -> Int {
    let channels = Int(tensors[input].channels)
    let first = style.matrix(4 * hidden, channels, spread: 3000, &random)
    let second = style.matrix(4 * hidden, hidden, spread: 2000, &random)
    let output = try! Rescaler(ratio: 0x1p-30 * .random(in: 100...140, using: &random))
    let constants = LSTMConstants(
      cellFractionBits: Int32(random.integer(0...15)), mantissa: output.mantissa,
      shift: output.shift)
    var block = first.packed() + second.packed()
    block += InferenceTests.block(of: constants)
    return append(
      .lstm, inputs: [input], channels: hidden, rate: Int(tensors[input].rate),
      zeroPoint: random.integer(-10...10),
      layer: .lstm(input: first, recurrent: second, constants: constants), block: block)
  }

  mutating func affine(_ input: Int, _ random: inout SplitMix) -> Int {
    let from = tensors[input]
    let channels = Int(from.channels)
    let layout = AffineLayout(channels: channels)
    var (mantissas, offsets, shifts) = ([Int](), [Int](), [Int]())
    let block = bytes(layout.byteCount) { memory in
      for channel in 0..<channels {
        try! layout.pack(
          channel: channel, slope: .random(in: -2...2, using: &random),
          intercept: .random(in: -300...300, using: &random), into: memory)
        mantissas.append(
          Int(memory.load(fromByteOffset: layout.mantissas + 4 * channel, as: Int32.self)))
        offsets.append(
          Int(memory.load(fromByteOffset: layout.offsets + 4 * channel, as: Int32.self)))
        shifts.append(
          Int(memory.load(fromByteOffset: layout.shifts + 4 * channel, as: Int32.self)))
      }
      layout.packPadding(into: memory)
    }
    return append(
      .affine, inputs: [input], channels: channels, rate: Int(from.rate),
      zeroPoint: zeroPoint(&random), relu: random.chance(0.5),
      layer: .affine(mantissas: mantissas, offsets: offsets, shifts: shifts), block: block)
  }

  mutating func add(_ first: Int, _ second: Int, _ random: inout SplitMix) -> Int {
    let constants = try! AddConstants(
      firstRatio: .random(in: 0.01...3, using: &random),
      secondRatio: .random(in: 0.01...3, using: &random))
    return append(
      .add, inputs: [first, second], channels: Int(tensors[first].channels),
      rate: Int(tensors[first].rate), zeroPoint: zeroPoint(&random), relu: random.chance(0.5),
      layer: .add(constants), block: InferenceTests.block(of: constants))
  }

  mutating func concatenate(_ inputs: [Int], _ random: inout SplitMix) -> Int {
    var ratios = SIMD4<Double>.zero
    for place in inputs.indices {
      ratios[place] = random.chance(0.3) ? 1 : .random(in: 0.1...4, using: &random)
    }
    let constants = try! ConcatenateConstants(ratios: ratios)
    return append(
      .concatenate, inputs: inputs,
      channels: inputs.map { Int(tensors[$0].channels) }.reduce(0, +),
      rate: Int(tensors[inputs[0]].rate), zeroPoint: zeroPoint(&random),
      layer: .concatenate(constants), block: InferenceTests.block(of: constants))
  }

  /// Mean, statistics or attention pooling; the last takes its scores from tensor `scores`.
  mutating func pool(
    _ kind: OperatorKind, _ input: Int, scores: Int? = nil, _ random: inout SplitMix
  ) -> Int {
    let channels = Int(tensors[input].channels)
    let constants = try! PoolConstants(
      inputScale: .random(in: 0.2...3, using: &random), outputScale: 1)
    var block = InferenceTests.block(of: constants)
    var weights = [Int]()
    if scores != nil {
      let scale = [0.001, 0.05, 0.3].randomElement(using: &random)!
      let table = bytes(1024) {
        AttentionLayout.pack(scale: scale, exponential: exponential, into: $0)
      }
      weights = table.withUnsafeBytes { $0.bindMemory(to: UInt32.self).map { Int($0) } }
      block = table + block
    }
    return append(
      kind, inputs: [input] + (scores.map { [$0] } ?? []),
      channels: kind == .statisticsPool ? 2 * channels : channels, rate: 0,
      zeroPoint: zeroPoint(&random), layer: .pool(constants, weights: weights), block: block)
  }

  /// What the talker's past tells of the one row of tensor `input`; extreme numbers are at the ends
  /// of what a block can hold.
  mutating func centre(
    _ input: Int, _ style: Style, prior: Int? = nil, segments: Int? = nil,
    _ random: inout SplitMix
  ) -> Int {
    let channels = Int(tensors[input].channels)
    let layout = CentreLayout(channels: channels)
    func number(_ greatest: Int, _ usual: ClosedRange<Int>) -> Int {
      style == .typical
        ? random.integer(usual) : [-greatest, 0, greatest].randomElement(using: &random)!
    }
    let means = (0..<channels).map { _ in
      number(Int(CentreLayout.greatestMean), -32_768...32_767)
    }
    let amounts = (0..<channels).map { _ in
      random.chance(0.1) ? 0 : number(Int(CentreLayout.greatestAmount), -2048...6144)
    }
    let constants = try! CentreConstants(
      inputScale: .random(in: 0.2...3, using: &random), outputScale: 1,
      prior: prior ?? random.integer(1...64), segments: segments ?? random.integer(1...64))
    let block = bytes(layout.byteCount) {
      for channel in 0..<channels {
        try! layout.pack(
          channel: channel, mean: Double(means[channel]) / 256,
          amount: Double(amounts[channel]) / 4096, into: $0)
      }
      $0.storeBytes(of: constants, toByteOffset: layout.constants, as: CentreConstants.self)
    }
    return append(
      .centre, inputs: [input], channels: channels, rate: 0, zeroPoint: zeroPoint(&random),
      relu: random.chance(0.5),
      layer: .centre(means: means, amounts: amounts, constants), block: block)
  }

  mutating func globalMaxPool(_ input: Int) -> Int {
    let from = tensors[input]
    return append(
      .globalMaxPool, inputs: [input], channels: Int(from.channels), rate: 0,
      zeroPoint: Int(from.zeroPoint), scale: from.scale, layer: .none, block: [])
  }
}
