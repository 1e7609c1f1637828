import Text

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
    <svg viewBox="0 0 \(decimal(width, places: 0)) \(decimal(height, places: 0))" role="img" aria-label="\(escaped(title))">\
    <title>\(escaped(title))</title>\(shapes)</svg>
    """
  }

  /// A filled rectangle; `hint` shows when a pointer rests on it.
  mutating func rectangle(
    x: Double, y: Double, width: Double, height: Double, style: String, hint: String = ""
  ) {
    let title = hint.isEmpty ? "" : "<title>\(escaped(hint))</title>"
    shapes +=
      "<rect class=\"\(style)\" x=\"\(pixels(x))\" y=\"\(pixels(y))\" width=\"\(pixels(width))\""
      + " height=\"\(pixels(height))\">\(title)</rect>"
  }

  mutating func line(
    from start: (x: Double, y: Double), to end: (x: Double, y: Double), style: String
  ) {
    shapes +=
      "<line class=\"\(style)\" x1=\"\(pixels(start.x))\" y1=\"\(pixels(start.y))\""
      + " x2=\"\(pixels(end.x))\" y2=\"\(pixels(end.y))\"/>"
  }

  mutating func dot(x: Double, y: Double, style: String) {
    shapes +=
      "<circle class=\"\(style)\" cx=\"\(pixels(x))\" cy=\"\(pixels(y))\" r=\"1.5\"/>"
  }

  /// Text whose baseline starts, centers or ends (`start`, `middle`, `end`) at a point.
  mutating func text(_ text: String, x: Double, y: Double, anchor: String = "start") {
    shapes +=
      "<text x=\"\(pixels(x))\" y=\"\(pixels(y))\" text-anchor=\"\(anchor)\">\(escaped(text))</text>"
  }

  /// An outline filled down to `bottom`.
  mutating func area(_ points: [(x: Double, y: Double)], bottom: Double, style: String) {
    guard let first = points.first, let last = points.last else { return }
    let outline = points.map { "\(pixels($0.x)),\(pixels($0.y))" }.joined(separator: " ")
    shapes +=
      "<polygon class=\"\(style)\" points=\"\(pixels(first.x)),\(pixels(bottom)) \(outline)"
      + " \(pixels(last.x)),\(pixels(bottom))\"/>"
  }
}

/// A coordinate or a length.
private func pixels(_ value: Double) -> String { decimal(value, places: 1) }

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
