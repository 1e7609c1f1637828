/// Splits a stream of bytes into lines, in bounded memory.
///
/// A line that is longer than `limit` is reported once and skipped up to its end, in no more memory
/// than any other.
struct LineBuffer {
  /// What came next.
  enum Item: Equatable {
    /// A whole line, without its `\n`.
    case line([UInt8])
    /// A line that was too long.
    case tooLong
  }

  private let limit: Int
  private var bytes: [UInt8] = []
  private var searched = 0
  private var skips = false

  /// An empty buffer for lines of at most `limit` bytes without `\n`.
  init(limit: Int) {
    self.limit = limit
  }

  /// How many bytes may be appended now: at least one after `next` has returned nil.
  var room: Int { limit + 1 - bytes.count }

  /// Adds at most `room` bytes.
  mutating func append(_ new: UnsafeRawBufferPointer) {
    bytes.append(contentsOf: new)
  }

  /// The next line, or nil when there is none yet.
  mutating func next() -> Item? {
    while true {
      guard let end = bytes[searched...].firstIndex(of: UInt8(ascii: "\n")) else {
        searched = bytes.count
        guard bytes.count > limit else { return nil }
        bytes.removeAll(keepingCapacity: true)
        searched = 0
        if skips { return nil }
        skips = true
        return .tooLong
      }
      let line = Array(bytes[..<end])
      bytes.removeFirst(end + 1)
      searched = 0
      if !skips { return .line(line) }
      skips = false
    }
  }
}
