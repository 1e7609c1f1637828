import SoundDevices

@testable import Capture

/// Everything that a feed holds, taken out of it.
func drain(_ feed: StreamFeed) -> [CaptureMessage] {
  var messages: [CaptureMessage] = []
  while let message = feed.messages.read() { messages.append(message) }
  return messages
}

extension [CaptureMessage] {
  /// How long the losses of one cause were together, in milliseconds.
  func lost(_ wanted: LossCause) -> Int64 {
    reduce(0) { sum, message in
      guard case .lost(let nanoseconds, let cause) = message, cause == wanted else { return sum }
      return sum + nanoseconds / 1_000_000
    }
  }

  /// The states of the device, in order.
  var states: [DeviceState] {
    compactMap { if case .state(let state, _) = $0 { state } else { nil } }
  }

  /// How many nanoseconds of the stream's time are told of: heard at `rate`, or lost.
  func accounted(rate: Int = 16_000) -> Int64 {
    let lost = reduce(Int64(0)) {
      if case .lost(let nanoseconds, _) = $1 { $0 + nanoseconds } else { $0 }
    }
    return Int64(sampleCount) * 1_000_000_000 / Int64(rate) + lost
  }

  /// When the newest sample was captured.
  var newest: Int64? {
    reversed().lazy.compactMap { if case .samples(_, let time) = $0 { time } else { nil } }.first
  }

  /// Whether a message is among them. As a function of its own, because a failure would print
  /// thousands.
  func contain(_ message: CaptureMessage) -> Bool { contains(message) }

  /// How many samples were delivered.
  var sampleCount: Int {
    reduce(0) { if case .samples(let count, _) = $1 { $0 + Int(count) } else { $0 } }
  }
}
