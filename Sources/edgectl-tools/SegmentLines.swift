import Affect
import EventStream
import Text

/// The decisions on a recording as text, one line per segment.
enum SegmentLines {
  /// The name of a recording, above its segments.
  static func heading(_ file: String) -> String { file == "-" ? "standard input" : file.printable }

  /// The line of a segment's result; nil for every other event.
  static func line(_ event: Event) -> String? {
    guard case .emotion(let judgement) = event.content, judgement.isFinal else { return nil }
    let bar = String(repeating: "█", count: (judgement.confidence + 250) / 500)
    // “unknown” means below the least confidence, and must not look like it.
    let share = judgement.confidence + (judgement.label == .unknown ? 0 : 50)
    return "  \(seconds(judgement.startMs, width: 8)) – \(seconds(judgement.endMs, width: 8)) s  "
      + padded(judgement.label.rawValue, 9)
      + leading("\(share / 100) %", 5) + "  " + padded(bar, 20)
      + leading("\(Int((Double(judgement.levelCentibels) / 10).rounded())) dBFS", 9)
  }

  private static func seconds(_ milliseconds: Int, width: Int) -> String {
    let hundredths = (milliseconds + 5) / 10
    let fraction = hundredths % 100
    return leading("\(hundredths / 100).\(fraction < 10 ? "0" : "")\(fraction)", width)
  }

  private static func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }

  private static func leading(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }
}
