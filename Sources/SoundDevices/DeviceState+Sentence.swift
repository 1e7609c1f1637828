extension DeviceState {
  /// What people should know about a device called `name` that is in this state for `reason`; nil
  /// where the word says it all. `problem` is why it last did not open.
  public func sentence(
    for reason: StateReason, of name: String, problem: OpenProblem? = nil
  ) -> String? {
    let isRecorded = (try? DeviceName(name))?.isRecorded ?? false
    return switch self {
    case .absent where reason == .ended: "\(name) has come to its end"
    case .absent, .busy, .denied:
      OpenProblem.sentence(for: reason, of: name, knowing: problem)
    case .lost where reason == .noClock:
      "capture device \(name) gives sound faster than time passes; it is no microphone, "
        + "choose one from `edgectl devices`"
    case .lost: "capture device \(name) went away; it is used again when it is back"
    case .silent where isRecorded: "every sample of \(name) is zero; look at where it comes from"
    case .stuck where isRecorded: "every sample of \(name) is the same; look at where it comes from"
    case .clipping where isRecorded: "\(name) is often at full scale; it was recorded too loud"
    case .silent: "every sample of \(name) is zero; unmute it or plug it in"
    case .stuck: "every sample of \(name) is the same; its converter is broken"
    case .clipping: "\(name) is often at full scale; lower its capture gain"
    case .opening, .running, .paused: nil
    }
  }
}
