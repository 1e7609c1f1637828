import FixedPoint

/// The slope over five frames of each of many values, computed every frame: the regression of HTK
/// and librosa, looking back only.
///
/// `slope = (2·(x₀ − x₄) + (x₁ − x₃)) / 10`, x₀ the newest and x₄ the oldest frame, so it is the
/// slope at the frame before last: a delay of two frames. A context's first frame is repeated
/// before its start. Rounded to the values' own unit.
///
/// Source: Young et al., The HTK Book, 5.9.
struct Deltas {
  private let count: Int
  /// The last four frames, in a ring.
  private let past: UnsafeMutablePointer<Int32>
  private let slopes: UnsafeMutablePointer<Int32>
  private var frames = 0

  init(count: Int, arena: inout Arena) {
    self.count = count
    past = arena.take(Int32.self, count: 4 * count)
    slopes = arena.take(Int32.self, count: count)
  }

  /// Forgets earlier frames.
  mutating func restart() {
    frames = 0
  }

  /// The slopes after one more frame of values, valid until the next call.
  mutating func push(_ values: UnsafePointer<Int32>) -> UnsafePointer<Int32> {
    if frames == 0 {
      for frame in 0..<4 { (past + frame &* count).copy(from: values, count: count) }
    }
    func before(_ distance: Int) -> UnsafeMutablePointer<Int32> {
      past + ((frames &- distance) & 3) &* count
    }
    let (one, three, four) = (before(1), before(3), before(4))
    for index in 0..<count {
      let sum =
        2 &* (Int64(values[index]) &- Int64(four[index]))
        &+ Int64(one[index]) &- Int64(three[index])
      slopes[index] = Int32(truncatingIfNeeded: roundedQuotient(sum, 10))
    }
    four.copy(from: values, count: count)
    frames &+= 1
    return UnsafePointer(slopes)
  }
}
