import Affect
import Capture
import ModelFile

/// What can be, and is hardly meant.
extension Plan {
  /// What `model`, whose classes mean `labels`, makes of the plan: alerts that cannot fire, and
  /// more work than a small board may have; and recordings that are not whole. One sentence each.
  func doubts(with model: LoadedModel, _ labels: LabelMap) -> [String] {
    rules.compactMap { Plan.doubt($0, labels) } + streams.compactMap(Plan.doubtRecording)
      + [doubtWork(of: model)].compactMap(\.self)
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

  /// Multiplications a second of all streams from which on a board may not have them.
  private static let muchWork = 2e9

  private func doubtWork(of model: LoadedModel) -> String? {
    let judged = streams.count { $0.role.infersEmotion(exception: agentException) }
    let work = model.model.multiplicationsPerSecond * Double(judged)
    guard work > Plan.muchWork else { return nil }
    let all = judged == 1 ? "" : " to all \(judged) streams"
    return
      "the model \(modelPath) needs \(Int(work / 1e6)) million multiplications a second while somebody speaks\(all);"
      + " `edgectl bench` shows whether this processor has them"
  }

  private static func doubtRecording(_ stream: Stream) -> String? {
    guard let path = stream.device.recording, let file = try? WaveFile(path: path),
      file.missing > 0
    else { return nil }
    let seconds = [file.frames, file.frames + file.missing].map { frames in
      let tenths = 10 * frames / file.format.rate
      return "\(tenths / 10).\(tenths % 10)"
    }
    return
      "stream \(stream.name): \(path) is cut off: its header promises \(seconds[1]) s and it has"
      + " \(seconds[0]); copy it again"
  }
}
