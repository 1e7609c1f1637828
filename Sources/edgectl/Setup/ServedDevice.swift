import JSON

/// What the daemon says of one stream's device.
struct ServedDevice {
  /// As the configuration names it.
  let name: String
  /// Its state, in the words of events.
  let state: String
  /// Why it is in it, as a token.
  let reason: String

  /// Of `stream`, as an answer to `status` has it.
  init(of stream: String, in status: JSONObject) {
    let served = (status["streams"]?.array ?? []).first { $0["name"]?.string == stream }
    name = served?["device"]?.string ?? "nothing"
    state = served?["state"]?.string ?? "absent"
    reason = served?["reason"]?.string ?? ""
  }

  /// Whether sound comes from it.
  var delivers: Bool { ["running", "clipping", "silent", "stuck"].contains(state) }

  /// Whether it is not known yet how it is.
  var isBeginning: Bool { ["paused", "opening"].contains(state) }

  /// Whether the daemon tries to open it and fails; before the first try there is no reason yet.
  var fails: Bool { ["absent", "busy", "denied", "lost"].contains(state) && !reason.isEmpty }

  /// Whether opening it again can come to nothing else.
  var isHopeless: Bool {
    ["unusable", "bad_file", "several_cards", "no_clock"].contains(reason)
  }
}
