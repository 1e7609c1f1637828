/// How often a stream decides: as often as a client wants, as far as the model's cost allows.
///
/// Any client may ask for ten decisions a second, which can overload the processor if the network
/// judges a whole window anew each time. Decisions beyond the model's own are therefore made only
/// as long as they cost at most `budget`; the model's own, every `own` frames, are always made.
public struct DecisionPace: Sendable {
  /// Multiplications per second that decisions may cost a stream when they come more often than the
  /// model's own: less than a tenth of what a Cortex-A72 at 1.5 GHz (Raspberry Pi 4) could do at
  /// eight per cycle.
  static let budget = 1_000_000_000

  private let own: Int
  private let least: Int
  private let sampleRate: Int
  private let hop: Int

  /// The pace of a model that decides every `own` frames, which start every `hop` samples, at a
  /// cost of `multiplications` per decision.
  public init(own: Int32, sampleRate: Int32, hop: Int32, multiplications: Int) {
    self.own = max(1, Int(own))
    self.sampleRate = max(1, Int(sampleRate))
    self.hop = max(1, Int(hop))
    let tenth = self.sampleRate / (10 * self.hop)
    let affordable = max(1, DecisionPace.budget / self.sampleRate * self.hop)
    least = max(
      max(1, tenth), multiplications / affordable + (multiplications % affordable > 0 ? 1 : 0))
  }

  /// Frames between decisions that come at least every `milliseconds`, if possible: a divisor of
  /// the model's own interval, so that its own decisions are among them.
  public func frames(every milliseconds: Int) -> Int {
    let wanted = milliseconds * sampleRate / (1000 * hop)
    var best = own
    var interval = own
    while interval >= least {
      // From the longest to the shortest: take the first that is short enough.
      if own % interval == 0 {
        best = interval
        if interval <= wanted { break }
      }
      interval -= 1
    }
    return best
  }
}
