import JSON

/// The last of the events that the daemon holds, taken in while it tells them all.
struct Backlog {
  /// How many are wanted.
  private let wanted: Int
  /// How many of those that were told of are still to come; nil before the daemon has said it.
  private var expected: Int?
  /// The last of those that passed, the oldest first.
  private(set) var kept: [(event: JSONObject, line: [UInt8])] = []

  /// Nothing yet of `wanted` events.
  init(wanted: Int) {
    self.wanted = wanted
  }

  /// The daemon will tell so many.
  mutating func expect(_ count: Int) { expected = count }

  /// The next one was told; nil when it does not pass.
  mutating func take(_ passing: (event: JSONObject, line: [UInt8])?) {
    miss(1)
    guard let passing else { return }
    guard wanted > 0 else { return }
    if kept.count == wanted { kept.removeFirst() }
    kept.append(passing)
  }

  /// So many will not be told.
  mutating func miss(_ count: Int) { expected = expected.map { $0 - count } }

  /// Whether all were told.
  var isComplete: Bool { expected.map { $0 <= 0 } ?? false }
}
