import Affect
import Capture

/// What can be, and is hardly meant.
extension Plan {
  /// What a model with the words of `labels` makes of the plan: alerts that cannot fire, and
  /// recordings that are not whole. One sentence each.
  func doubts(with labels: LabelMap) -> [String] {
    rules.compactMap { Plan.doubt($0, labels) } + streams.compactMap(Plan.doubtRecording)
  }

  /// Streams whose PCM libasound does not know: asked here, where the daemon would try to open it.
  /// One sentence each.
  func unknownPCMs() -> [String] {
    let names = LibraryNames()
    var sentences: [String] = []
    for stream in streams {
      guard case .pcm(let name) = stream.device, !names.define(name) else { continue }
      sentences.append(
        "stream \(stream.name): libasound's configuration has no PCM \(name); `arecord -L` lists those"
          + " that there are, `edgectl devices` the cards")
    }
    return sentences
  }

  private static func doubt(_ rule: AlertRule, _ labels: LabelMap) -> String? {
    let missing = rule.emotions.filter { !labels.vocabulary.contains($0) }
    guard !missing.isEmpty else { return nil }
    let words = missing.map(\.rawValue).joined(separator: ", ")
    let consequence =
      missing.count == rule.emotions.count ? "it never fires" : "only the others count"
    return
      "alert \(rule.name): the model has no \(words), so that \(consequence); it has "
      + labels.vocabulary.map(\.rawValue).joined(separator: ", ")
  }

  private static func doubtRecording(_ stream: Stream) -> String? {
    guard let path = stream.device.recording, let file = try? WaveFile(path: path),
      file.missing > 0
    else { return nil }
    let seconds = [file.frames, file.frames + file.missing].map { $0 / file.format.rate }
    return
      "stream \(stream.name): \(path) is cut off: its header promises \(seconds[1]) s and it has"
      + " \(seconds[0]); copy it again"
  }
}
