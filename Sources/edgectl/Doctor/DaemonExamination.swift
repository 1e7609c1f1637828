import EventStream
import JSON
import SoundDevices

/// Asks the daemon itself.
struct DaemonExamination {
  private let path: String
  private let problem: String?
  private let status: JSONObject
  private let past: [JSONObject]

  /// Asks the daemon that serves on `path`.
  init(path: String) {
    self.path = path
    do {
      (status, past) = try Self.ask(path)
      problem = nil
    } catch {
      (status, past, problem) = (JSONObject(), [], "\(error)")
    }
  }

  private static func ask(_ path: String) throws -> (status: JSONObject, past: [JSONObject]) {
    var inquiry = try DaemonInquiry(path: path)
    return (try inquiry.status().object, try inquiry.past(["device", "xrun"]))
  }

  /// The streams, as the daemon describes them; nil when it could not be asked.
  var streams: [JSONObject]? {
    problem == nil ? status.streams : nil
  }

  func findings() -> [Finding] {
    if let problem {
      let words = "edged could not be asked"
      return [Finding("socket", .bad, problem)]
        + ["model", "clock", "stream", "absences", "losses"].map { Finding($0, .skipped, words) }
    }
    return [socket(), model()] + refusals() + [clock()] + status.streams.map(device)
      + untold() + [absences(), losses()]
  }

  private func socket() -> Finding {
    let version = status["version"]?.string ?? "?"
    let clients = status["clients"]?.integer ?? 0
    return Finding(
      "socket", .ok,
      "edged \(version) answers on \(path), run \(status["run"]?.string ?? "?"), clients: \(clients)"
    )
  }

  private func model() -> Finding {
    guard let model = status["model"]?.object else {
      return Finding("model", .bad, "edged has no model; “apt install edged-model-default”")
    }
    let labels = (model["labels"]?.array ?? []).compactMap(\.string).joined(separator: ", ")
    return Finding(
      "model", .ok,
      "\(model["name"]?.string ?? "?") (\((model["id"]?.string ?? "?").prefix(12))): \(labels)")
  }

  /// What the last reload refused.
  private func refusals() -> [Finding] {
    (status["reload_refused"]?.array ?? []).map { refusal in
      Finding(
        "reload", .bad,
        "the last reload was refused and what was loaded before serves on: \(refusal["message"]?.string ?? "?")"
      )
    }
  }

  private func clock() -> Finding {
    switch status["clock"]?["synced"]?.bool {
    case true?: Finding("clock", .ok, "the clock is synchronized")
    case false?:
      Finding(
        "clock", .note,
        "the clock is not synchronized, so `time` of events may be wrong; “timedatectl set-ntp true”"
      )
    case nil: Finding("clock", .skipped, "whether the clock is synchronized cannot be told")
    }
  }

  /// The state of a stream's device, in the words of the daemon's last event about it.
  private func device(_ stream: JSONObject) -> Finding {
    let name = stream["name"]?.string ?? "?"
    let state = stream["state"]?.string ?? "?"
    let device = stream["device"]?.string ?? "?"
    let last = past.last { $0["type"]?.string == "device" && $0["stream"]?.string == name }
    let said = last?["state"]?.string == state ? last?["message"]?.string : nil
    switch state {
    case "running":
      let rate = stream["rate_hz"]?.integer.map { " at \($0) Hz" } ?? ""
      return Finding("stream", .ok, "\(name): \(device) runs\(rate)")
    case "paused": return Finding("stream", .note, "\(name): paused; “edgectl resume \(name)”")
    case "opening": return Finding("stream", .note, "\(name): \(device) is being opened; try again")
    case "absent" where stream["reason"]?.string == "ended":
      return Finding("stream", .note, "\(name): \(device) has come to its end")
    default: return Finding("stream", .bad, "\(name): \(said ?? "\(device) is \(state)")")
    }
  }

  /// Streams that the daemon did not list.
  private func untold() -> [Finding] {
    status.leavingOut.map { [Finding("stream", .bad, $0)] } ?? []
  }

  /// How often a device that ran was lost: one that is back by now may still have a bad plug.
  private func absences() -> Finding {
    let losses = Self.losses(among: past)
    guard let last = losses.last else {
      return Finding("absences", .ok, "no device was lost in what edged remembers")
    }
    let times = losses.count == 1 ? "once" : "\(losses.count) times"
    return Finding(
      "absences", .note,
      "a device that ran was lost \(times) that edged remembers, the last time at"
        + " \(last["time"]?.string ?? "?"), of \(last["stream"]?.string ?? "?"); look at its plug, its hub and the power"
    )
  }

  /// The events in which a stream's device was lost that had run. One lost again from a state
  /// without delivery, such as busy or denied, has been away all along.
  static func losses(among events: [JSONObject]) -> [JSONObject] {
    var hasRun: [String: Bool] = [:]
    return events.filter { event in
      guard event["type"]?.string == "device", let stream = event["stream"]?.string,
        let state = event["state"]?.string.flatMap(DeviceState.init)
      else { return false }
      defer { hasRun[stream] = state.delivers }
      // What preceded the first event is unknown: assume that the device ran.
      return state == .lost && hasRun[stream] ?? true
    }
  }

  private func losses() -> Finding {
    let losses = past.filter { $0["type"]?.string == "xrun" }
    let lost = losses.reduce(0) { $0 + ($1["lost_ms"]?.integer ?? 0) }
    guard !losses.isEmpty else {
      return Finding("losses", .ok, "no sound was lost in what edged remembers")
    }
    return Finding(
      "losses", .note,
      "\(lost) ms of sound were lost, at \(losses.count) times that edged remembers;"
        + " “journalctl -u edged -p warning” says why")
  }
}
