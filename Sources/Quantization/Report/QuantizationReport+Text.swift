import Text

extension QuantizationReport {
  /// A table by layer and the key figures, in lines of at most 100 columns for usual names.
  public var text: String {
    let header = ["layer", "operator", "channels", "per row", "scale", "zero", "SQNR", "weights"]
    let rows = layers.map { layer in
      [
        layer.name, layer.operation, "\(layer.channels)",
        layer.rate == 0 ? "decision" : "\(layer.rate) frame\(layer.rate == 1 ? "" : "s")",
        layer.grid.map { significant($0.scale) } ?? "–",
        layer.grid.map { "\($0.zeroPoint)" } ?? "–",
        decibels(layer.signalToNoise), layer.weightSignalToNoise.map(decibels) ?? "–",
      ]
    }
    return QuantizationReport.table([header] + rows, leftAligned: 2) + "\n" + summary
  }

  /// The key figures, one per line.
  public var summary: String {
    """
    equal labels  \(decimal(100 * agreement, places: 2)) % of \(contexts) contexts in \(clips) clips
    logit SQNR    \(decibels(logitSignalToNoise)) dB
    work          \(thousands(Int(multiplicationsPerFrame.rounded()))) multiplications a frame, \
    \(thousands(multiplicationsPerDecision)) a decision
    size          \(thousands(fileSize)) bytes in the file

    """ + (arenaSize.map { "memory        \(thousands($0)) bytes a stream\n" } ?? "")
      + (onlyAnswer.map { "only answer   \($0)\n" } ?? "")
  }

  /// What the float network answers to everything and what follows, for the end of a sentence; nil
  /// if it gives more than one label.
  public var onlyAnswer: String? {
    onlyLabel.map {
      "\($0) in all \(thousands(contexts)) contexts, so that equal labels say nothing"
    }
  }

  private static func table(_ rows: [[String]], leftAligned: Int) -> String {
    let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max()! }
    return rows.map { row in
      let cells = row.indices.map { column in
        let padding = String(repeating: " ", count: widths[column] - row[column].count)
        return column < leftAligned ? row[column] + padding : padding + row[column]
      }
      return cells.joined(separator: "  ") + "\n"
    }.joined()
  }
}
