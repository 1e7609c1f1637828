import Console
import JSON
import Text

/// Levels as bars, a line for each stream; on a terminal drawn over the ones before.
struct MeterDisplay {
  private static let width = 40
  /// The level at the left end of a bar, in dBFS; at the right end is full scale.
  private static let least = -60.0
  private let streams: [String]
  private let nameWidth: Int
  private var lines: [String: String] = [:]
  private var isDrawn = false

  /// Bars for `streams`, in this order.
  init(streams: [String]) {
    self.streams = streams
    nameWidth = min(16, streams.map(\.count).max() ?? 0)
    for stream in streams { lines[stream] = text(stream, nil, nil) }
  }

  /// Takes in a reading, and draws when it is the last one of its round.
  mutating func show(_ reading: JSONObject) throws {
    guard let stream = reading["stream"]?.string, lines[stream] != nil else { return }
    lines[stream] = text(stream, reading["level_dbfs"]?.number, reading["peak_dbfs"]?.number)
    guard stream == streams.last else { return }
    guard EventPrinter.isOnTerminal else {
      return try StandardOutput.text(streams.map { lines[$0]! + "\n" }.joined())
    }
    let up = isDrawn ? "\u{1b}[\(streams.count)A" : ""
    isDrawn = true
    try StandardOutput.text(up + streams.map { "\r" + lines[$0]! + "\u{1b}[K\n" }.joined())
  }

  private func text(_ stream: String, _ level: Double?, _ peak: Double?) -> String {
    let name = String(stream.printable.prefix(nameWidth)).padded(nameWidth)
    guard let level, let peak else { return "\(name)  nothing comes from the device" }
    let (end, mark) = (column(level), column(peak))
    let bar = (0..<Self.width).map { $0 < end ? "█" : $0 == mark - 1 ? "│" : "·" }.joined()
    return "\(name)  \(number(level))  \(bar)  peak \(number(peak)) dBFS"
      + (peak > -3 ? "  too loud" : "")
  }

  private func column(_ level: Double) -> Int {
    let share = (level - Self.least) / -Self.least
    return Int((min(max(share, 0), 1) * Double(Self.width)).rounded())
  }

  /// With one decimal.
  private func number(_ level: Double) -> String {
    let tenths = Int((abs(level) * 10).rounded())
    return "\(level < 0 ? "-" : "")\(tenths / 10).\(tenths % 10)".leftPadded(6)
  }
}
