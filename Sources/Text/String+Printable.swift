extension String {
  /// The text without characters that could control a terminal or begin a new line: a device, or a
  /// key of a configuration, may be called anything.
  ///
  /// Each ASCII or Latin-1 control character, line separator and bidirectional control becomes
  /// U+FFFD.
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
