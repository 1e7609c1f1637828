import FixedPoint
import TestSupport

@testable import Inference

extension TestProgram {
  /// Rows of tensor `index` in a decision; 0 along time.
  func rowCount(_ index: Int) -> Int {
    tensors[index].rate > 0
      ? 0 : withProgram { program in ActivationPlan(program).rowCount(index) }
  }

  mutating func window(_ input: Int, rows: Int) -> Int {
    same(.window, input, kernel: rows)
  }

  mutating func lastRow(_ input: Int) -> Int { same(.lastRow, input) }

  private mutating func same(_ kind: OperatorKind, _ input: Int, kernel: Int = 1) -> Int {
    let from = tensors[input]
    return append(
      kind, inputs: [input], channels: Int(from.channels), rate: 0, zeroPoint: Int(from.zeroPoint),
      scale: from.scale, kernel: kernel, layer: .none, block: [])
  }

  /// Any geometry that leaves an output of `rows` rows of `channels` values.
  static func geometry(
    rows: Int, channels: Int, isPooling: Bool, _ random: inout SplitMix
  ) -> PlaneGeometry {
    let columns = (1...channels).filter { channels % $0 == 0 }.randomElement(using: &random)!
    let counts = [rows, columns]
    while true {
      func pair(_ range: ClosedRange<Int>) -> SIMD2<Int32> {
        SIMD2(Int32(random.integer(range)), Int32(random.integer(range)))
      }
      var geometry = PlaneGeometry(
        columns: Int32(columns), kernel: pair(1...5), stride: pair(1...3),
        dilation: isPooling ? .one : pair(1...2))
      for axis in 0..<2 {
        if counts[axis] == 1 { geometry.kernel[axis] = 1 }
        if random.chance(0.3) { continue }
        geometry.before[axis] = Int32(random.integer(0...geometry.extent(axis) - 1))
        geometry.after[axis] = Int32(random.integer(0...geometry.extent(axis) - 1))
      }
      if geometry.outputs(0, of: rows) > 0, geometry.outputColumns > 0 { return geometry }
    }
  }

  mutating func convolution(
    _ kind: OperatorKind, _ input: Int, _ geometry: PlaneGeometry, features: Int, _ style: Style,
    _ random: inout SplitMix
  ) -> Int {
    let inputs = Int(tensors[input].channels / geometry.columns)
    let outputs = kind == .depthwise2D ? inputs : features
    let matrix = style.matrix(
      outputs, geometry.taps * (kind == .depthwise2D ? 1 : inputs), spread: 50, &random)
    return append(
      kind, inputs: [input], channels: geometry.outputColumns * outputs, rate: 0,
      zeroPoint: random.integer(-128...127), relu: random.chance(0.5),
      layer: .plane(geometry, matrix),
      block: InferenceTests.block(of: geometry) + matrix.packed())
  }

  mutating func planePool(
    _ kind: OperatorKind, _ input: Int, _ geometry: PlaneGeometry, _ random: inout SplitMix
  ) -> Int {
    let from = tensors[input]
    let constants =
      kind == .averagePool2D
      ? try! PoolConstants(inputScale: .random(in: 0.2...3, using: &random), outputScale: 1) : nil
    return append(
      kind, inputs: [input],
      channels: Int(from.channels / geometry.columns) * geometry.outputColumns, rate: 0,
      zeroPoint: constants == nil ? Int(from.zeroPoint) : random.integer(-128...127),
      scale: from.scale, layer: .planePool(geometry, constants),
      block: InferenceTests.block(of: geometry)
        + (constants.map { InferenceTests.block(of: $0) } ?? []))
  }

  mutating func pack(_ input: Int, widths: [Int], channels: Int) -> Int {
    let from = tensors[input]
    let block = bytes((4 * widths.count + 63) & ~63) {
      for (place, width) in widths.enumerated() {
        $0.storeBytes(of: Int32(width), toByteOffset: 4 * place, as: Int32.self)
      }
    }
    return append(
      .pack, inputs: [input], channels: channels, rate: 0, zeroPoint: Int(from.zeroPoint),
      scale: from.scale, kernel: widths.count, layer: .pack(widths), block: block)
  }

  /// Everything in one row, channels in any groups.
  mutating func flatten(_ input: Int, _ random: inout SplitMix) -> Int {
    var widths: [Int] = []
    var rest = Int(tensors[input].channels)
    while rest > 0 {
      widths.append(random.integer(1...rest))
      rest -= widths.last!
    }
    return pack(input, widths: widths, channels: Int(tensors[input].channels) * rowCount(input))
  }

  mutating func simpleRNN(
    _ input: Int, hidden: Int, _ style: Style, _ random: inout SplitMix
  ) -> Int {
    let first = style.matrix(hidden, Int(tensors[input].channels), spread: 1500, &random)
    let second = style.matrix(hidden, hidden, spread: 1500, &random)
    let output = try! Rescaler(ratio: 0x1p-15 * .random(in: 100...140, using: &random))
    let constants = PoolConstants(mantissa: output.mantissa, shift: output.shift)
    var block = first.packed() + second.packed()
    block += InferenceTests.block(of: constants)
    return append(
      .simpleRNN, inputs: [input], channels: hidden, rate: Int(tensors[input].rate),
      zeroPoint: random.integer(-10...10),
      layer: .recurrent(input: first, recurrent: second, constants), block: block)
  }

  /// A random network of fixed length: perhaps something along time, a window, a chain of planes,
  /// sequences and their like, and what makes one row of them.
  static func windowed(_ style: Style, _ random: inout SplitMix) -> TestProgram {
    var program = TestProgram(
      channels: random.integer(1...16), zeroPoint: random.integer(-128...127))
    var last = 0
    if random.chance(0.3) { last = program.maxPool(last, kernel: 3, stride: 2) }
    if random.chance(0.3) {
      last = program.lstm(last, hidden: random.integer(1...12), style, &random)
    }
    last = program.window(last, rows: random.integer(1...24))
    for _ in 0..<random.integer(1...5) { last = program.appendToWindow(last, style, &random) }
    switch random.integer(0...3) {
    case 0: last = program.pool(.statisticsPool, last, &random)
    case 1: last = program.lastRow(last)
    default: last = program.flatten(last, &random)
    }
    last = program.matrix(.dense, last, outputs: random.integer(1...20), style, &random)
    if random.chance(0.4) { last = program.centre(last, style, &random) }
    _ = program.matrix(.logits, last, outputs: random.integer(2...8), style, &random)
    return program
  }

  private mutating func appendToWindow(
    _ input: Int, _ style: Style, _ random: inout SplitMix
  ) -> Int {
    let channels = Int(tensors[input].channels)
    let kinds: [OperatorKind] = [.maxPool2D, .averagePool2D, .conv2D, .depthwise2D]
    switch random.integer(0...8) {
    case 0: return lstm(input, hidden: random.integer(1...12), style, &random)
    case 1: return simpleRNN(input, hidden: random.integer(1...12), style, &random)
    case 2: return affine(input, &random)
    case 3:
      let other = matrix(.dense, input, outputs: channels, style, &random)
      return random.chance(0.5) ? add(input, other, &random) : concatenate([input, other], &random)
    case 4:
      return pack(input, widths: Array(repeating: 1, count: channels), channels: 1)
    default:
      let kind = kinds.randomElement(using: &random)!
      let isPooling = kind == .maxPool2D || kind == .averagePool2D
      let geometry = TestProgram.geometry(
        rows: rowCount(input), channels: channels, isPooling: isPooling, &random)
      return isPooling
        ? planePool(kind, input, geometry, &random)
        : convolution(
          kind, input, geometry, features: random.integer(1...6), style, &random)
    }
  }
}
