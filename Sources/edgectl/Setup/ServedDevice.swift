import JSON
import SoundDevices

/// What the daemon says of one stream's device.
struct ServedDevice {
  /// As the configuration names it.
  let name: String
  /// Its state; nil for one that only a newer daemon knows.
  let state: DeviceState?
  /// The daemon's word for it.
  let word: String
  /// Why it is in it; nil before anything was tried.
  let reason: StateReason?
  /// Whether the daemon reports it; false where a reload has removed the stream.
  private let isTold: Bool

  /// The device of `stream`, from an answer to `status`.
  init(of stream: String, in status: JSONObject) {
    let served = status.streams.first { $0["name"]?.string == stream }
    isTold = served != nil
    name = served?["device"]?.string ?? "nothing"
    word = served?["state"]?.string ?? DeviceState.absent.rawValue
    state = DeviceState(rawValue: word)
    reason = served?["reason"]?.string.flatMap { StateReason(rawValue: $0) }
  }

  /// Whether sound comes from it.
  var delivers: Bool { state?.delivers ?? false }

  /// Whether its state is not known yet.
  var isBeginning: Bool { state == .paused || state == .opening }

  /// What the stream waits for while it does not deliver, to follow the stream's name.
  var absence: String {
    guard isTold else { return "edged does not tell how its device is" }
    return reason == .ended
      ? "its recording has come to its end"
      : "waiting for the device \(name), which is \(word)"
  }

  /// Whether the daemon tries to open it and fails; before the first try there is no reason yet.
  var fails: Bool {
    guard let state, reason != nil else { return false }
    return [.absent, .busy, .denied, .lost].contains(state)
  }

  /// Whether opening it again would fail again.
  var isHopeless: Bool {
    reason.map { [.unusable, .badFile, .severalCards, .noClock].contains($0) } ?? false
  }
}
