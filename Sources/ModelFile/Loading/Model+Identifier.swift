extension Model {
  /// The digest in hexadecimal: the model's identifier in events and logs.
  public var identifier: String { SHA256.text(digest) }
}

extension ModelContainer {
  /// The digest in hexadecimal: the file's identifier.
  public var identifier: String { SHA256.text(digest) }
}

extension SHA256 {
  /// A digest in hexadecimal.
  static func text(_ digest: Digest) -> String {
    digest.indices.map { index in
      (digest[index] < 16 ? "0" : "") + String(digest[index], radix: 16)
    }.joined()
  }
}
