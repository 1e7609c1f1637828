import FixedPoint

/// The past rows that a window over time still needs, and when its next output is due.
///
/// Keeps `past` rows before those of this call; after a restart they are all real zero. A window's
/// output is due with the context's row `first`, and from then on every `stride` rows, whatever the
/// calls' sizes.
struct History: BitwiseCopyable {
  private let rows: UnsafeMutablePointer<Int8>
  private let due: UnsafeMutablePointer<Int>
  private let past: Int
  private let first: Int
  private let stride: Int
  /// Bytes in a row.
  let channels: Int

  /// A history of `past` rows of `channels` bytes, with the first output at row `first` and one
  /// every `stride` rows after.
  init(past: Int, channels: Int, first: Int, stride: Int, arena: inout Arena) {
    self.past = past
    self.channels = channels
    self.first = first
    self.stride = stride
    rows = arena.take(
      Int8.self, count: (past + Graph.maximumRows) * channels + RowPlan.overread)
    due = arena.take(Int.self, count: 1)
  }

  /// Forgets all rows: the past is `zeroPoint` everywhere.
  func restart(zeroPoint: Int8) {
    rows.update(repeating: zeroPoint, count: past &* channels)
    due.pointee = first
  }

  /// Appends `count` rows to the past ones.
  func append(_ new: UnsafePointer<Int8>, count: Int) {
    (rows + past &* channels).copy(from: new, count: count &* channels)
  }

  /// The index of the appended row that completes the first due output, `count` or more if there is
  /// none; the others follow every `stride` rows.
  func firstDue() -> Int { due.pointee }

  /// The window of appended row `row` and the `past` rows before it, oldest first.
  func window(_ row: Int) -> UnsafePointer<Int8> { UnsafePointer(rows + row &* channels) }

  /// Keeps the last rows for the next call, after `count` rows were appended and `outputs` outputs
  /// computed.
  func advance(count: Int, outputs: Int) {
    due.pointee = due.pointee &+ outputs &* stride &- count
    rows.copy(from: rows + count &* channels, count: past &* channels)
  }
}
