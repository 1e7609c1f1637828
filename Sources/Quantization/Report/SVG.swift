/// A picture as text, composed shape by shape. Coordinates are pixels from the upper left corner.
struct SVG {
  /// Size of the picture.
  let width: Double
  let height: Double
  private var shapes = ""

  init(width: Double, height: Double) {
    self.width = width
    self.height = height
  }

  /// The element, for inclusion in an HTML page.
  func element(title: String) -> String {
    """
    <svg viewBox="0 0 \(fixed(width, 0)) \(fixed(height, 0))" role="img" aria-label="\(escaped(title))">\
    <title>\(escaped(title))</title>\(shapes)</svg>
    """
  }

  /// A filled rectangle; `hint` shows when a pointer rests on it.
  mutating func rectangle(
    x: Double, y: Double, width: Double, height: Double, style: String, hint: String = ""
  ) {
    let title = hint.isEmpty ? "" : "<title>\(escaped(hint))</title>"
    shapes +=
      "<rect class=\"\(style)\" x=\"\(fixed(x, 1))\" y=\"\(fixed(y, 1))\" width=\"\(fixed(width, 1))\""
      + " height=\"\(fixed(height, 1))\">\(title)</rect>"
  }

  mutating func line(
    from start: (x: Double, y: Double), to end: (x: Double, y: Double), style: String
  ) {
    shapes +=
      "<line class=\"\(style)\" x1=\"\(fixed(start.x, 1))\" y1=\"\(fixed(start.y, 1))\""
      + " x2=\"\(fixed(end.x, 1))\" y2=\"\(fixed(end.y, 1))\"/>"
  }

  mutating func dot(x: Double, y: Double, style: String) {
    shapes +=
      "<circle class=\"\(style)\" cx=\"\(fixed(x, 1))\" cy=\"\(fixed(y, 1))\" r=\"1.5\"/>"
  }

  /// Text whose baseline starts, centers or ends (`start`, `middle`, `end`) at a point.
  mutating func text(_ text: String, x: Double, y: Double, anchor: String = "start") {
    shapes +=
      "<text x=\"\(fixed(x, 1))\" y=\"\(fixed(y, 1))\" text-anchor=\"\(anchor)\">\(escaped(text))</text>"
  }

  /// An outline filled down to `bottom`.
  mutating func area(_ points: [(x: Double, y: Double)], bottom: Double, style: String) {
    guard let first = points.first, let last = points.last else { return }
    let outline = points.map { "\(fixed($0.x, 1)),\(fixed($0.y, 1))" }.joined(separator: " ")
    shapes +=
      "<polygon class=\"\(style)\" points=\"\(fixed(first.x, 1)),\(fixed(bottom, 1)) \(outline)"
      + " \(fixed(last.x, 1)),\(fixed(bottom, 1))\"/>"
  }
}

/// Text with HTML and SVG special characters escaped.
func escaped(_ text: String) -> String {
  var result = ""
  for character in text {
    switch character {
    case "&": result += "&amp;"
    case "<": result += "&lt;"
    case ">": result += "&gt;"
    case "\"": result += "&quot;"
    default: result.append(character)
    }
  }
  return result
}
