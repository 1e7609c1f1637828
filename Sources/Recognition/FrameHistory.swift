import FixedPoint

/// The last few raw frames, kept because a segment begins before its detection is certain.
struct FrameHistory {
  private let frames: UnsafeMutablePointer<Int32>
  private let width: Int
  private let capacity: Int
  private var next = 0

  /// Room for `capacity` frames of `width` values.
  init(capacity: Int, width: Int, arena: inout Arena) {
    self.capacity = capacity
    self.width = width
    frames = arena.take(Int32.self, count: capacity * width)
  }

  /// Keeps a copy of `frame`, replacing the oldest.
  mutating func append(_ frame: UnsafePointer<Int32>) {
    (frames + next &* width).copy(from: frame, count: width)
    next = next &+ 1 == capacity ? 0 : next &+ 1
  }

  /// The frame appended `age` frames before the last one; 0 is the last. `age` must be below both
  /// the capacity and the number of frames appended.
  func frame(age: Int) -> UnsafePointer<Int32> {
    let index = next &- 1 &- age
    return UnsafePointer(frames + (index < 0 ? index &+ capacity : index) &* width)
  }
}
