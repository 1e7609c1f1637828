extension ClassLabel {
  /// A class called `name` that maps to `label`; nil if either does not fit the field.
  public init?(name: String, label: String) {
    guard let nameBytes = ClassLabel.field(name), let labelBytes = ClassLabel.field(label) else {
      return nil
    }
    self.nameBytes = nameBytes
    self.labelBytes = labelBytes
  }

  /// The network's own name for the class.
  public var name: String { ClassLabel.text(nameBytes) }

  /// The word that events use for it.
  public var label: String { ClassLabel.text(labelBytes) }

  private static func field(_ text: String) -> InlineArray<32, UInt8>? {
    let bytes = Array(text.utf8)
    guard (1..<fieldSize).contains(bytes.count), bytes.allSatisfy(isLetter) else { return nil }
    var field = InlineArray<32, UInt8>(repeating: 0)
    for (index, byte) in bytes.enumerated() { field[index] = byte }
    return field
  }

  private static func text(_ field: InlineArray<32, UInt8>) -> String {
    String(decoding: field.indices.map { field[$0] }.prefix { $0 != 0 }, as: UTF8.self)
  }
}
