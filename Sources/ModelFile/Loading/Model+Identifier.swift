extension Model {
  /// The digest in hexadecimal: the model's name in events and logs.
  public var identifier: String {
    digest.indices.map { index in
      (digest[index] < 16 ? "0" : "") + String(digest[index], radix: 16)
    }.joined()
  }
}
