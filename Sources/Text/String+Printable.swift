extension String {
  /// The text without what would command a terminal or begin a line of its own: a device, or a key of
  /// a configuration, may be called anything.
  ///
  /// Each control character of ASCII and Latin-1 becomes U+FFFD.
  public var printable: String {
    guard unicodeScalars.contains(where: \.isControl) else { return self }
    return String(UnicodeScalarView(unicodeScalars.map { $0.isControl ? "\u{FFFD}" : $0 }))
  }
}

extension Unicode.Scalar {
  fileprivate var isControl: Bool { value < 0x20 || (0x7f..<0xa0).contains(value) }
}
