extension Manifest {
  /// Why a line of a manifest cannot be used.
  public enum Fault: Error, Equatable {
    /// Neither two nor three columns.
    case columns(found: Int)
    /// A blank path or label.
    case blank(column: String)
    /// Column headings instead of a recording.
    case header
    /// A label that the model does not have; `isClass` if it is a class that the model publishes
    /// under another label.
    case label(recording: String, label: String, known: [String], isClass: Bool)

    /// What is wrong and what to do, as the end of a sentence that begins with the position.
    fileprivate var words: String {
      switch self {
      case .columns(let found):
        "a line needs 2 or 3 tab-separated columns (path, label, session), this one has \(found); correct it."
      case .blank(let column):
        "there is no \(column) in this line; write it, or leave the line out."
      case .header:
        "this is a header, which lists for edged-train have; edgectl's have none, and at most three columns (path, label, session): leave the line out."
      case .label(let recording, let label, let known, let isClass):
        "\(recording) is labelled “\(label)”, which this model "
          + (isClass ? "publishes as another label" : "does not know") + ": its labels are "
          + known.joined(separator: ", ") + "; correct the list"
          + (isClass ? ", or judge its classes (--classes)." : ".")
      }
    }
  }

  /// A line that cannot be used.
  public struct WrongLine: Equatable, Sendable {
    /// Its number, counted from 1.
    public let number: Int
    /// What is wrong with it.
    public let fault: Fault

    /// The line `number`, and what is wrong with it.
    public init(_ number: Int, _ fault: Fault) {
      self.number = number
      self.fault = fault
    }
  }

  /// All lines of a manifest that cannot be used, together, so that they can be corrected at once.
  public struct WrongLines: Error, Equatable, CustomStringConvertible {
    /// The file.
    public let path: String
    /// At least one, in the order of the file.
    public let lines: [WrongLine]
    /// Further lines are only counted: that many suffice to see the mistake.
    private static let named = 20

    /// One sentence for each of the first lines (what, where, what to do), and how many more there
    /// are.
    public var sentences: [String] {
      let named = lines.prefix(WrongLines.named)
      let sentences = named.map { "\(path):\($0.number): \($0.fault.words)" }
      let more = lines.count - named.count
      return more > 0 ? sentences + ["and \(more) more in \(path)."] : sentences
    }

    /// The sentences, one per line.
    public var description: String { sentences.joined(separator: "\n") }
  }
}
