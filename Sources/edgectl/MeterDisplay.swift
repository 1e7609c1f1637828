import Console
import JSON
import Text

/// Levels as bars, a line for each stream; redrawn in place on a terminal that can do so, and never
/// wider than the terminal.
struct MeterDisplay {
  /// The width of a bar in columns, from the narrowest that is drawn to the widest.
  private static let barWidths = 8...40
  /// The level at the left end of a bar, in dBFS; at the right end is full scale.
  private static let least = -60.0
  private let streams: [String]
  private let nameWidth: Int
  /// By stream; none for a stream whose device delivers nothing.
  private var readings: [String: Levels.Reading] = [:]
  private var isDrawn = false

  /// Bars for `streams`, in this order.
  init(streams: [String]) {
    self.streams = streams
    nameWidth = min(16, streams.map(\.count).max() ?? 0)
  }

  /// Takes in a reading, and draws when it is the last one of its round.
  mutating func show(_ object: JSONObject) throws {
    guard let stream = object["stream"]?.string, streams.contains(stream) else { return }
    readings[stream] = Levels.Reading(object)
    guard stream == streams.last else { return }
    let width = Terminal.output.lineWidth
    let lines = streams.map { line(of: $0, width: width) }
    guard Terminal.output.obeysEscapes else {
      return try StandardOutput.text(lines.map { $0 + "\n" }.joined())
    }
    let up = isDrawn ? "\u{1b}[\(streams.count)A" : ""
    isDrawn = true
    try StandardOutput.text(up + lines.map { "\r" + $0 + "\u{1b}[K\n" }.joined())
  }

  /// The name and the levels, in at most `width` columns: a line that wraps could not be redrawn.
  private func line(of stream: String, width: Int) -> String {
    let forms = forms(readings[stream], width: width)
    let form = forms.first { nameWidth + $0.count <= width } ?? forms.last!
    let room = min(nameWidth, max(width - form.count, 0))
    let name = String(stream.printable.prefix(room)).padded(room)
    var line = (name + form).prefix(width)
    while line.last == " " { line.removeLast() }
    return String(line)
  }

  /// What may follow the name in a line of `width` columns, longest first. The warning keeps its
  /// place even while there is none, so that what precedes it does not move.
  private func forms(_ reading: Levels.Reading?, width: Int) -> [String] {
    guard let reading else { return ["  nothing comes from the device", "  nothing"] }
    let level = "  \(number(reading.level))"
    let peak = "  peak \(number(reading.peak)) dBFS"
    let warning = (reading.peak > -3 ? "  too loud" : "").padded("  too loud".count)
    let words = [level + peak + warning, "\(level) dBFS\(warning)", level + warning, level]
    let room = width - nameWidth - words[0].count - 2
    guard room >= Self.barWidths.lowerBound else { return words }
    let bar = bar(reading, columns: min(room, Self.barWidths.upperBound))
    return ["\(level)  \(bar)\(peak)\(warning)"]
  }

  private func bar(_ reading: Levels.Reading, columns: Int) -> String {
    func column(_ level: Double) -> Int {
      let share = (level - Self.least) / -Self.least
      return Int((min(max(share, 0), 1) * Double(columns)).rounded())
    }
    let (end, mark) = (column(reading.level), column(reading.peak))
    return (0..<columns).map { $0 < end ? "█" : $0 == mark - 1 ? "│" : "·" }.joined()
  }

  /// With one decimal.
  private func number(_ level: Double) -> String {
    let tenths = Int((abs(level) * 10).rounded())
    return "\(level < 0 ? "-" : "")\(tenths / 10).\(tenths % 10)".leftPadded(6)
  }
}
