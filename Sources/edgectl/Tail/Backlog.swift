import JSON

/// The last of the events that the daemon holds, collected while it replays them all.
struct Backlog {
  /// How many are wanted.
  private let wanted: Int
  /// How many replayed events are still to come; nil before the daemon has said so.
  private var expected: Int?
  /// The last of those that passed the filters, the oldest first.
  private(set) var kept: [(event: JSONObject, line: [UInt8])] = []

  /// An empty backlog for `wanted` events.
  init(wanted: Int) {
    self.wanted = wanted
  }

  /// The daemon will replay this many events.
  mutating func expect(_ count: Int) { expected = count }

  /// The next event was replayed; nil when it does not pass.
  mutating func take(_ passing: (event: JSONObject, line: [UInt8])?) {
    miss(1)
    guard let passing else { return }
    guard wanted > 0 else { return }
    if kept.count == wanted { kept.removeFirst() }
    kept.append(passing)
  }

  /// This many events will not be replayed.
  mutating func miss(_ count: Int) { expected = expected.map { $0 - count } }

  /// Whether all were replayed.
  var isComplete: Bool { expected.map { $0 <= 0 } ?? false }
}
