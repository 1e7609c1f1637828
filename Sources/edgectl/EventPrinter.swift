import Console
import Glibc
import JSON
import Text

/// Shows events on standard output: for people on a terminal, as they came otherwise.
struct EventPrinter {
  private let isReadable: Bool
  private let isColoured: Bool

  /// Readable if `readable`; coloured if that, on a terminal that knows colours, and unless NO_COLOR
  /// is set and not empty (no-color.org).
  init(readable: Bool) {
    isReadable = readable
    let forbidden = getenv("NO_COLOR").map { $0.pointee != 0 } ?? false
    isColoured = readable && Terminal.output.obeysEscapes && !forbidden
  }

  /// Shows an event, or a connection's `gap`, whose line was `line`.
  func show(_ event: JSONObject, line: [UInt8]) throws {
    try StandardOutput.write((isReadable ? Array(readable(event).utf8) : line) + Array("\n".utf8))
  }

  private func readable(_ event: JSONObject) -> String {
    let time = localTime(event["time"]?.string ?? "")
    let stream = (event["stream"]?.string ?? "").printable.padded(8)
    guard event["type"]?.string != "emotion" else {
      return emotion(event, of: stream, at: time, width: Terminal.output.lineWidth)
    }
    return dim(time) + "  " + stream + "  " + said(event)
  }

  private func said(_ event: JSONObject) -> String {
    switch event["type"]?.string ?? "" {
    case "speech_start": return dim("speech begins")
    case "speech_end":
      let length = (event["end_ms"]?.integer ?? 0) - (event["start_ms"]?.integer ?? 0)
      return dim("speech ended after \(seconds(length))")
    case "state":
      return state(event)
    case "alert":
      return "alert \(text(event, "rule")): \(text(event, "phase"))"
        + dim(", held \(seconds(event["held_ms"]?.integer ?? 0))")
    case "call": return text(event, "phase") == "end" ? "the call ends" : "a call begins"
    case "xrun": return "\(event["lost_ms"]?.integer ?? 0) ms of sound were lost"
    case "gap": return gap(event)
    case "clock": return clock(event)
    case let type:
      let state = event["state"].map { " \($0.string ?? "")" } ?? ""
      let message = event["message"]?.string ?? event["path"]?.string ?? ""
      return (type + state).printable + (message.isEmpty ? "" : dim("  " + message.printable))
    }
  }

  /// An emotion that has lasted, and for how long.
  private func state(_ event: JSONObject) -> String {
    let lasted = seconds((event["at_ms"]?.integer ?? 0) - (event["since_ms"]?.integer ?? 0))
    let label = coloured(text(event, "label"))
    return text(event, "phase") == "end"
      ? "\(label) no more, after \(lasted)" : "\(label) for \(lasted) now"
  }

  private func clock(_ event: JSONObject) -> String {
    let (old, new) = (text(event, "old"), text(event, "new"))
    let synced = event["synced"]?.bool.map { $0 ? "it is synchronized" : "it is not synchronized" }
    guard old != new else { return "the clock: \(synced ?? new)" }
    return "the clock went from \(old) to \(new)" + (synced.map { dim(", \($0)") } ?? "")
  }

  private func gap(_ event: JSONObject) -> String {
    let events = event["dropped"]?.integer.map { $0 == 1 ? "1 event was" : "\($0) events were" }
    let missed = "\(events ?? "events were") missed"
    return switch text(event, "reason") {
    case "slow": "\(missed): they came faster than they were read"
    case "expired": "\(missed): edged holds them no more"
    case "restart": "edged was restarted: what it said before and was not read is gone"
    case let reason: "\(missed): \(reason)"
    }
  }

  func text(_ event: JSONObject, _ member: String) -> String {
    (event[member]?.string ?? "?").printable
  }

  private func seconds(_ milliseconds: Int) -> String {
    "\(milliseconds / 1000).\(milliseconds / 100 % 10) s"
  }

  func dim(_ text: String) -> String { isColoured ? "\u{1b}[2m\(text)\u{1b}[0m" : text }

  func coloured(_ label: String, as text: String? = nil) -> String {
    let codes = [
      "angry": 31, "disgust": 32, "happy": 33, "sad": 34, "fear": 35, "surprise": 36, "calm": 36,
    ]
    guard isColoured, let code = codes[label] else { return text ?? label }
    return "\u{1b}[\(code)m\(text ?? label)\u{1b}[0m"
  }

  /// The local time of day for an RFC 3339 time in UTC; `text` itself where it is not one.
  private func localTime(_ text: String) -> String {
    let numbers = text.prefix(19).split(whereSeparator: { !$0.isNumber }).compactMap { Int32($0) }
    guard numbers.count == 6 else { return text }
    var parts = tm()
    (parts.tm_year, parts.tm_mon, parts.tm_mday) = (numbers[0] - 1900, numbers[1] - 1, numbers[2])
    (parts.tm_hour, parts.tm_min, parts.tm_sec) = (numbers[3], numbers[4], numbers[5])
    var moment = timegm(&parts)
    localtime_r(&moment, &parts)
    func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let fraction = text.dropFirst(19).prefix(4)
    return "\(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec))\(fraction)"
  }
}

extension String {
  func padded(_ width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }

  func leftPadded(_ width: Int) -> String {
    String(repeating: " ", count: max(0, width - count)) + self
  }
}
