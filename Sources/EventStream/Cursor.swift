/// A place in the events of one run, written `run:seq`: everything up to and including `sequence`
/// has been read.
public struct Cursor: Hashable, Sendable, CustomStringConvertible {
  /// The daemon's run.
  public var run: RunIdentifier
  /// The last event read; 0 for none.
  public var sequence: Int

  /// The place after event `sequence` of `run`.
  public init(run: RunIdentifier, sequence: Int) {
    (self.run, self.sequence) = (run, sequence)
  }

  /// The cursor written as `run:seq`; nil for anything else.
  public init?(_ text: some StringProtocol) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, let run = RunIdentifier(hexadecimal: parts[0]),
      let first = parts[1].utf8.first, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first),
      let sequence = Int(parts[1])
    else { return nil }
    self.init(run: run, sequence: sequence)
  }

  /// `run:seq`.
  public var description: String { "\(run):\(sequence)" }
}
