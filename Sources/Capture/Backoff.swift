/// How long to wait before looking for a device again: doubling, bounded.
struct Backoff {
  static let shortest: Int32 = 250
  static let longest: Int32 = 5000
  private var next = shortest

  /// The next wait in milliseconds.
  mutating func take() -> Int32 {
    defer { next = min(next * 2, Self.longest) }
    return next
  }

  /// Starts again from the shortest: something has changed.
  mutating func reset() { next = Self.shortest }
}
