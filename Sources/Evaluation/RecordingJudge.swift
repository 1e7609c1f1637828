import Recognition

/// A model of any kind that judges recordings, one talker after the other.
public protocol RecordingJudge: AnyObject {
  /// Another talker speaks from here on.
  func restart()

  /// Processes the next recording of the same talker to its end.
  func hear(_ samples: [Int16], _ body: (RecognitionEvent) -> Void)
}

extension RecordingJudge {
  /// The model's result for the next recording of the same talker.
  public func judge(_ samples: [Int16]) -> ClipJudgement {
    var judgement = ClipJudgement()
    hear(samples) { judgement.add($0) }
    return judgement
  }
}

extension Listener: RecordingJudge where Network: ~Copyable {}
