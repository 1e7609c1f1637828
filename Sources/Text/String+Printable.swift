extension String {
  /// The text without what would command a terminal or begin a line of its own: a device, or a key of
  /// a configuration, may be called anything.
  ///
  /// Each control character of ASCII and Latin-1, separator of lines, and character that turns the
  /// direction of writing becomes U+FFFD.
  public var printable: String {
    guard unicodeScalars.contains(where: \.isCommand) else { return self }
    return String(UnicodeScalarView(unicodeScalars.map { $0.isCommand ? "\u{FFFD}" : $0 }))
  }
}

extension Unicode.Scalar {
  fileprivate var isCommand: Bool {
    switch value {
    case 0..<0x20, 0x7f..<0xa0, 0x2028...0x202e, 0x2066...0x2069: true
    default: false
    }
  }
}
