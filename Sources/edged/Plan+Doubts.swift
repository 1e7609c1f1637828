import Affect
import Capture
import ModelFile
import Service
import Settings
import SoundDevices
import Text

/// What is valid but hardly intended.
extension Plan {
  /// Paths that are relative, recordings that are cut off, voices that are heard twice, and more
  /// clients than there can be. One sentence each.
  var doubts: [String] {
    relativePaths.map(Plan.doubt) + streams.compactMap(Plan.doubtRecording) + doubtTwins()
      + [doubtDescriptors()].compactMap(\.self)
  }

  /// What is doubtful about the plan with `model`, whose classes mean `labels`: alerts that cannot
  /// fire, and more work than a small board may manage. One sentence each.
  func doubts(with model: LoadedModel, _ labels: LabelMap) -> [String] {
    rules.compactMap { Plan.doubt($0, labels) } + [doubtWork(of: model)].compactMap(\.self)
  }

  private func doubtDescriptors() -> String? {
    let available = DescriptorLimit.greatest
    guard descriptorCount > available else { return nil }
    guard Plan.descriptorCount(clients: 1) <= available else {
      return
        "even one client can take \(Plan.descriptorCount(clients: 1)) files and sockets with the daemon's own, and the"
        + " system allows \(available); raise LimitNOFILE"
    }
    return
      "\(server.maximumClients) clients can take \(descriptorCount) files and sockets, and the system "
      + "allows \(available), enough for \(servedClients(available: available)); lower maximum_clients,"
      + " or raise LimitNOFILE"
  }

  /// Paths in a file that do not begin with `/`.
  private var relativePaths: [(place: Configuration.Place, path: String)] {
    let recordings = streams.compactMap { stream in
      stream.device.recording.map { (stream.place, $0) }
    }
    let model = modelPlace.map { [($0, modelPath)] } ?? []
    return (model + recordings).filter { $0.0.line != nil && !$0.1.hasPrefix("/") }
  }

  private static func doubt(_ place: Configuration.Place, _ path: String) -> String {
    "\(place): \(path) is looked for in the folder that edged is started in, / under systemd,"
      + " and not beside this file; write the whole path"
  }

  /// Streams that hear the same channel of the same microphone.
  private func doubtTwins() -> [String] {
    var sentences: [String] = []
    for (index, stream) in streams.enumerated() where stream.device.recording == nil {
      let twin = streams[..<index].first {
        $0.device == stream.device && $0.channel == stream.channel
      }
      guard let twin else { continue }
      sentences.append(
        "streams \(twin.name) and \(stream.name) hear the same channel of \(stream.device.text),"
          + " so that everybody is heard twice; give one another `device` or `channel`")
    }
    return sentences
  }

  /// Streams whose PCM libasound does not know, and those whose card is really a PCM of libasound.
  /// One sentence each. Only for a check: the daemon just tries to open them.
  func doubtfulPCMs() -> [String] {
    let names = LibraryNames()
    let cards = SoundCards()
    return streams.compactMap { stream in
      switch stream.device {
      case .pcm(let name) where !names.define(name):
        "stream \(stream.name): libasound's configuration has no PCM \(name); `arecord -L` lists those"
          + " that there are, `edgectl devices` the cards"
      case .card(let id, _)
      where names.define(id) && !cards.captureDevices().contains { $0.id == id }:
        "stream \(stream.name): there is no card \(id), but libasound has a PCM of that name;"
          + " write pcm:\(id) if that is meant"
      default: nil
      }
    }
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

  /// Multiplications a second, of all streams, above which a board may be too slow.
  private static let muchWork = 2e9

  private func doubtWork(of model: LoadedModel) -> String? {
    let judged = streams.count { $0.role.infersEmotion(exception: agentException) }
    let work = model.model.multiplicationsPerSecond * Double(judged)
    guard work > Plan.muchWork else { return nil }
    let all = judged == 1 ? "" : " to all \(judged) streams"
    return
      "the model \(model.path) needs \(Int(work / 1e6)) million multiplications a second while somebody speaks\(all);"
      + " `edgectl bench` shows whether this processor has them"
  }

  private static func doubtRecording(_ stream: Stream) -> String? {
    guard let path = stream.device.recording, let file = try? WaveFile(path: path),
      file.missing > 0
    else { return nil }
    let rate = Double(file.format.rate)
    let (promised, present) = decimals(
      Double(file.frames + file.missing) / rate, Double(file.frames) / rate, places: 2)
    return
      "stream \(stream.name): \(path) is cut off: its header promises \(promised) s and it has"
      + " \(present); copy it again"
  }
}
