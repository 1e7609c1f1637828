extension String {
  /// The longest beginning that takes at most `limit` bytes as a JSON string's content, with `…` where it was cut.
  ///
  /// Keeps a line within its bound whatever a device or a file is called: a control character takes six bytes there.
  func fitting(_ limit: Int) -> String {
    guard utf8.count * 6 > limit, escapedCount > limit else { return self }
    var kept = ""
    var count = 3
    for character in unicodeScalars {
      count += character.escapedCount
      if count > limit { break }
      kept.unicodeScalars.append(character)
    }
    return kept + "…"
  }

  private var escapedCount: Int { unicodeScalars.reduce(0) { $0 + $1.escapedCount } }
}

extension Unicode.Scalar {
  /// How many bytes `JSONWriter` uses for this, at most.
  fileprivate var escapedCount: Int {
    if value < 0x20 { return 6 }
    return self == "\"" || self == "\\" ? 2 : UTF8.width(self)
  }
}
