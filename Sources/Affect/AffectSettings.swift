/// When a score is reported as an emotion, and when an emotion counts as sustained.
///
/// Shares are in ten-thousandths, times in milliseconds of the stream.
public struct AffectSettings: Equatable, Sendable {
  /// Below this the label is `unknown`.
  public var minimumConfidence: Int
  /// τ of the average over successive results, in milliseconds of speech.
  public var timeConstantMs: Int
  /// Evidence from which an emotion counts as sustained.
  public var enterShare: Int
  /// Evidence below which it no longer does: lower than `enterShare`, so that states do not
  /// flicker.
  public var leaveShare: Int
  /// After this much silence earlier evidence is dropped: states end, conditions of alerts fail.
  public var lapseMs: Int

  /// Why settings cannot be used.
  public enum Problem: Error, Equatable, CustomStringConvertible {
    /// `name` must lie in `range` and is `value`.
    case outOfRange(name: String, value: Int, range: ClosedRange<Int>)
    /// A state would be left before it is entered.
    case leaveAboveEnter(leave: Int, enter: Int)

    /// One sentence: what, where, what to do.
    public var description: String {
      switch self {
      case .outOfRange(let name, let value, let range):
        "\(name) is \(value); it must lie between \(range.lowerBound) and \(range.upperBound)"
      case .leaveAboveEnter(let leave, let enter):
        "leaveShare (\(leave)) must not be above enterShare (\(enter))"
      }
    }
  }

  /// Settings; the defaults ask for a clear majority over some three seconds of speech.
  public init(
    minimumConfidence: Int = 4_000, timeConstantMs: Int = 3_000, enterShare: Int = 5_000,
    leaveShare: Int = 3_500, lapseMs: Int = 5_000
  ) {
    self.minimumConfidence = minimumConfidence
    self.timeConstantMs = timeConstantMs
    self.enterShare = enterShare
    self.leaveShare = leaveShare
    self.lapseMs = lapseMs
  }

  /// Checks every range.
  public func check() throws(Problem) {
    let day = 86_400_000
    let shares = [
      ("minimumConfidence", minimumConfidence), ("enterShare", enterShare),
      ("leaveShare", leaveShare),
    ]
    for (name, share) in shares where !(0...LabelScores.one).contains(share) {
      throw .outOfRange(name: name, value: share, range: 0...LabelScores.one)
    }
    for (name, time) in [("timeConstantMs", timeConstantMs), ("lapseMs", lapseMs)]
    where !(1...day).contains(time) {
      throw .outOfRange(name: name, value: time, range: 1...day)
    }
    guard leaveShare <= enterShare else {
      throw .leaveAboveEnter(leave: leaveShare, enter: enterShare)
    }
  }
}
