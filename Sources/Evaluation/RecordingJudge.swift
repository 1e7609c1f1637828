import Recognition

/// A model of any kind that judges recordings, one talker after the other.
public protocol RecordingJudge: AnyObject {
  /// The labels of the classes, in the order of the logits.
  var labels: ModelLabels { get }

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

extension Listener where Network: ~Copyable {
  /// This listener as a judge whose classes have these `labels`.
  public func judge(_ labels: ModelLabels) -> some RecordingJudge {
    ListeningJudge(listener: self, labels: labels)
  }
}

private final class ListeningJudge<Network: Classifier & ~Copyable>: RecordingJudge {
  let labels: ModelLabels
  private let listener: Listener<Network>

  init(listener: Listener<Network>, labels: ModelLabels) {
    self.listener = listener
    self.labels = labels
  }

  func restart() { listener.restart() }

  func hear(_ samples: [Int16], _ body: (RecognitionEvent) -> Void) {
    listener.hear(samples, body)
  }
}
