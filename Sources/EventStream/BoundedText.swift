extension String {
  /// The longest prefix that takes at most `limit` bytes as a JSON string's content, with `…` where
  /// it was cut.
  ///
  /// Keeps a line within its bound whatever a device or a file is called: a control character takes
  /// six bytes in JSON.
  func fitting(_ limit: Int) -> String {
    let ellipsis = "…"
    var count = 0
    var end = unicodeScalars.startIndex
    for index in unicodeScalars.indices {
      if count + ellipsis.utf8.count <= limit { end = index }
      count += unicodeScalars[index].escapedCount
      if count > limit { return String(unicodeScalars[..<end]) + ellipsis }
    }
    return self
  }
}

extension Unicode.Scalar {
  /// How many bytes `JSONWriter` uses for this, at most.
  fileprivate var escapedCount: Int {
    if value < 0x20 { return 6 }
    return self == "\"" || self == "\\" ? 2 : UTF8.width(self)
  }
}
