extension DeviceState {
  /// What people should know about a device that is in this state for `reason`; nil where the word
  /// says it all. `problem` is why it last did not open.
  public func sentence(
    for reason: StateReason, of device: DeviceName, problem: OpenProblem? = nil
  ) -> String? {
    let name = device.text
    return switch self {
    case .absent where reason == .ended: "\(name) has come to its end"
    case .absent, .busy, .denied:
      OpenProblem.sentence(for: reason, of: name, knowing: problem)
    case .lost where reason == .noClock:
      "capture device \(name) gives sound faster than time passes; it is no microphone, "
        + "choose one from `edgectl devices`"
    case .lost: "capture device \(name) went away; it is used again when it is back"
    case .silent, .stuck, .clipping: device.sentence(of: self)
    case .opening, .running, .paused: nil
    }
  }
}

extension DeviceName {
  /// What to do about a device that is silent, stuck or clipping. Only a microphone can be unmuted.
  fileprivate func sentence(of state: DeviceState) -> String? {
    switch (state, self) {
    case (.silent, .wave), (.silent, .fastWave):
      "every sample of \(text) is zero; nothing was recorded"
    case (.silent, .standardInput): "every sample of \(text) is zero; look at what writes it"
    case (.silent, _): "every sample of \(text) is zero; unmute it or plug it in"
    case (.stuck, .wave), (.stuck, .fastWave):
      "every sample of \(text) is the same; nothing was recorded"
    case (.stuck, .standardInput): "every sample of \(text) is the same; look at what writes it"
    case (.stuck, _): "every sample of \(text) is the same; its converter is broken"
    case (.clipping, .wave), (.clipping, .fastWave):
      "\(text) is often at full scale; it was recorded too loud"
    case (.clipping, .standardInput):
      "\(text) is often at full scale; lower the gain where it comes from"
    case (.clipping, _): "\(text) is often at full scale; lower its capture gain"
    default: nil
    }
  }
}
