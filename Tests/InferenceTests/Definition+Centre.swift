@testable import Inference

/// What is known of a talker, in the plainest integers: `Definition` takes it out.
struct DefinedTalker {
  private struct Centre {
    let input: Int
    let means: [Int]
    let amounts: [Int]
    let prior: Int
    let segments: Int
    var sums: [Int]
    var count = 0
  }

  /// By operator.
  private var centres: [Int: Centre] = [:]
  /// Of the segment at hand: what each tensor held when a context ended, and the context's frames.
  private var contexts: [(tensors: [[[Int]]], frames: Int)] = []

  init(of program: TestProgram) {
    for (index, layer) in program.layers.enumerated() {
      guard case .centre(let means, let amounts, let constants) = layer else { continue }
      centres[index] = Centre(
        input: Int(program.operators[index].inputs[0]), means: means, amounts: amounts,
        prior: Int(constants.prior), segments: Int(constants.segments),
        sums: means.map { _ in 0 })
    }
  }

  /// amount · Σ (x̄ − mean) / (n + prior), in 256ths of a step.
  func offsets(ofOperator index: Int) -> [Int]? {
    guard let centre = centres[index] else { return nil }
    return centre.sums.indices.map {
      DefinedTalker.quotient(
        centre.sums[$0] * centre.amounts[$0], (centre.count + centre.prior) * 4096)
    }
  }

  mutating func endContext(_ tensors: [[[Int]]], frames: Int) {
    contexts.append((tensors, frames))
  }

  mutating func endSegment(isRemembered: Bool) {
    defer { contexts = [] }
    guard isRemembered, !contexts.isEmpty else { return }
    let frames = contexts.reduce(0) { $0 + $1.frames }
    for (index, var centre) in centres {
      centre.count += 1
      for channel in centre.sums.indices {
        let sum = contexts.reduce(0) { $0 + $1.frames * $1.tensors[centre.input][0][channel] }
        centre.sums[channel] += DefinedTalker.quotient(256 * sum, frames) - centre.means[channel]
        if centre.count > centre.segments {
          centre.sums[channel] = DefinedTalker.quotient(
            centre.sums[channel] * centre.segments, centre.segments + 1)
        }
      }
      centre.count = min(centre.count, centre.segments)
      centres[index] = centre
    }
  }

  /// To the nearest, halves up.
  private static func quotient(_ numerator: Int, _ denominator: Int) -> Int {
    let (quotient, rest) = (2 * numerator + denominator).quotientAndRemainder(
      dividingBy: 2 * denominator)
    return rest < 0 ? quotient - 1 : quotient
  }
}
