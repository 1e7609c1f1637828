import TestSupport

@testable import Inference

extension TestProgram {
  /// A random network of every kind of operator: convolutions, pooling, LSTMs and residuals along
  /// time, then two to four poolings over it, joined, and two dense layers, the first of them
  /// sometimes centred.
  static func network(_ style: Style, _ random: inout SplitMix) -> TestProgram {
    var program = TestProgram(
      channels: random.integer(1...20), zeroPoint: random.integer(-128...127))
    var rows = 0
    for _ in 0..<random.integer(1...5) {
      rows = program.appendAlongTime(rows, style, &random)
    }
    var pooled = [program.pool(.meanPool, rows, &random)]
    for _ in 0..<random.integer(1...3) {
      switch random.integer(0...2) {
      case 0: pooled.append(program.globalMaxPool(rows))
      case 1: pooled.append(program.pool(.statisticsPool, rows, &random))
      default:
        let scores = program.matrix(.dense, rows, outputs: 1, style, &random)
        pooled.append(program.pool(.attentionPool, rows, scores: scores, &random))
      }
    }
    var last = program.concatenate(pooled, &random)
    last = program.matrix(.dense, last, outputs: random.integer(1...20), style, &random)
    if random.chance(0.4) { last = program.centre(last, style, &random) }
    _ = program.matrix(.logits, last, outputs: random.integer(2...8), style, &random)
    return program
  }

  private mutating func appendAlongTime(
    _ rows: Int, _ style: Style, _ random: inout SplitMix
  ) -> Int {
    let channels = Int(tensors[rows].channels)
    switch random.integer(0...7) {
    case 0:
      return maxPool(rows, kernel: random.integer(1...3), stride: random.integer(1...3))
    case 1:
      return lstm(rows, hidden: random.integer(1...12), style, &random)
    case 2:
      return affine(rows, &random)
    case 3:
      let convolved = matrix(
        .conv1D, rows, outputs: channels, kernel: 3, dilation: random.integer(1...4), style,
        &random)
      return add(convolved, rows, &random)
    case 4:
      let remembered = lstm(rows, hidden: random.integer(1...12), style, &random)
      return concatenate([remembered, rows], &random)
    case 5:
      return matrix(.dense, rows, outputs: random.integer(1...20), style, &random)
    default:
      return matrix(
        .conv1D, rows, outputs: random.integer(1...20), kernel: random.integer(1...5),
        stride: random.integer(1...2), dilation: random.integer(1...2), style, &random)
    }
  }
}
