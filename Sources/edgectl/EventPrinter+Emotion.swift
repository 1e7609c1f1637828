import JSON

/// The line of an emotion. Such lines come often and are compared with those above them, so none
/// may wrap.
extension EventPrinter {
  /// The width of a bar in columns, from the narrowest that is drawn to the widest.
  private static let barWidths = 8...20

  /// The line for the emotion of `stream` at `time`, in at most `width` columns where that is 17 or
  /// more.
  ///
  /// Where there is no room for all, the bar is narrowed, then left out; then the level, the time,
  /// and whether it is final are left out. The stream's name is cut last.
  func emotion(_ event: JSONObject, of stream: String, at time: String, width: Int) -> String {
    let label = text(event, "label")
    let confidence = event["confidence"]?.number ?? 0
    // “unknown” means below the least confidence, and must not look like it.
    let share = Int((confidence * 10_000).rounded()) + (label == "unknown" ? 0 : 50)
    let percent = "\(share / 100) %".leftPadded(5)
    let level = event["level_dbfs"]?.number.map { "\(Int($0.rounded())) dBFS" } ?? ""
    let kind = event["final"]?.bool == true ? "final" : dim("so far")
    let finding = "  \(label.padded(9)) \(percent)"
    let name = stream.prefix(max(width - finding.count, 0))

    var room = width - name.count - finding.count
    // Once something has no room, nothing after it gets any: it matters less.
    func hasRoom(_ columns: Int) -> Bool {
      room -= columns
      return room >= 0
    }
    let saysKind = hasRoom(2 + "so far".count)
    let saysTime = hasRoom(time.count + 2)
    let saysLevel = hasRoom(2 + max(level.count, "-99 dBFS".count))
    let barWidth = min(room - 2, Self.barWidths.upperBound)
    let bar = String(repeating: "█", count: Int((confidence * Double(max(barWidth, 0))).rounded()))
    return (saysTime ? "\(dim(time))  " : "")
      + "\(name)  \(coloured(label, as: label.padded(9))) \(percent)"
      + (Self.barWidths.contains(barWidth) ? "  \(coloured(label, as: bar.padded(barWidth)))" : "")
      + (saysKind ? "  \(kind)" : "") + (saysLevel ? dim("  \(level)") : "")
  }
}
