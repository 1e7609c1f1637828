import Capture
import JSON
import SoundDevices
import Text

/// Checks cards, mixers and levels.
struct SoundExamination {
  /// Below this peak, in dBFS, not even the noise of a room is heard.
  private static let deaf = -75.0
  /// From this peak on, in dBFS, sound is distorted.
  private static let distorted = -1.0
  private static let seconds = 1.2

  /// The daemon's streams; nil when it could not be asked.
  let streams: [JSONObject]?
  let controlSocket: String

  func findings() -> [Finding] { [cards()] + mixers() + levels() }

  /// The devices that are cards, each once.
  private var devices: [DeviceName] {
    guard let streams else { return SoundCards().captureDevices().isEmpty ? [] : [.auto] }
    var names: [DeviceName] = []
    for stream in streams {
      guard let text = stream["device"]?.string, let name = try? DeviceName(text),
        name.isMicrophone, !names.contains(name)
      else { continue }
      names.append(name)
    }
    return names
  }

  private func cards() -> Finding {
    let found = SoundCards().captureDevices()
    if !found.isEmpty {
      let names = found.map { "\($0.name) (hw:\($0.card),\($0.device))" }.joined(separator: ", ")
      return Finding("cards", .ok, "\(found.count) can capture: \(names)")
    }
    // A PCM of libasound's need not be a card.
    let needsNone = devices.allSatisfy { if case .pcm = $0 { true } else { false } }
    return Finding(
      "cards", streams != nil && needsNone ? .note : .bad, NoMicrophone().description)
  }

  private func mixers() -> [Finding] {
    guard !devices.isEmpty else { return [Finding("mixer", .skipped, "there is no card to ask")] }
    return devices.flatMap { device -> [Finding] in
      do throws(OpenProblem) {
        guard let controls = try CaptureControl.all(of: device) else {
          return [
            Finding(
              "mixer", .skipped,
              "the mixer of \(device.text) cannot be asked by this name; “alsamixer” shows that of its card"
            )
          ]
        }
        if controls.isEmpty {
          return [Finding("mixer", .ok, "\(device.text) has nothing to be set")]
        }
        return controls.map(Self.finding)
      } catch {
        if case .denied = error {
          return [
            Finding(
              "mixer", .skipped,
              "no permission to ask \(device.text); run this as root, or in the group audio")
          ]
        }
        return [Finding("mixer", .skipped, "\(device.text) cannot be asked: \(error)")]
      }
    }
  }

  /// Whether a control lets sound through, and how much.
  static func finding(_ control: CaptureControl) -> Finding {
    let name = "“\(control.name)” of \(control.card)"
    let amixer = "“amixer -D \(control.card) sset '\(control.name)'"
    if control.isOn == false {
      return Finding("mixer", .bad, "\(name) is switched off; \(amixer) cap”")
    }
    guard let percent = control.percent else { return Finding("mixer", .ok, "\(name) is on") }
    guard percent > 0 else {
      return Finding("mixer", .bad, "\(name) is at its least gain; \(amixer) 60%”")
    }
    let gain = control.millibels.map { millibels in
      ", \(decimal(Double(millibels) / 100, places: 1)) dB"
    }
    return Finding("mixer", .ok, "\(name) is on, at \(percent) %\(gain ?? "")")
  }

  private func levels() -> [Finding] {
    guard let streams else { return [Finding("level", .skipped, "edged could not be asked")] }
    let levels: Levels
    do {
      levels = try Levels(path: controlSocket, seconds: Self.seconds)
    } catch {
      return [Finding("level", .skipped, "levels cannot be read: \(Levels.sentence(error))")]
    }
    return streams.compactMap { stream in
      guard let name = stream["name"]?.string else { return nil }
      let device = stream["device"]?.string.flatMap { try? DeviceName($0) }
      return Self.finding(
        name, levels.readings[name], state: stream["state"]?.string ?? "?",
        device: device ?? .auto)
    }
  }

  /// What a level says of a stream's microphone, or of what is heard in its place.
  static func finding(
    _ stream: String, _ reading: Levels.Reading?, state: String, device: DeviceName
  ) -> Finding {
    guard let reading else {
      let isExpected = DeviceState(rawValue: state)?.delivers != true
      return Finding(
        "level", isExpected ? .skipped : .bad,
        isExpected
          ? "\(stream): its device is \(state)" : "\(stream): nothing comes from its device")
    }
    func number(_ value: Double) -> String { decimal(value, places: 1) }
    let words = "\(stream): \(number(reading.level)) dBFS, peak \(number(reading.peak))"
    if reading.peak < deaf {
      let remedy =
        switch device {
        case .wave, .fastWave: "nothing was recorded"
        case .standardInput: "look at what writes it"
        default: "unmute the microphone or raise its gain"
        }
      return Finding("level", .bad, "\(words): not even a room is heard; \(remedy)")
    }
    if reading.peak >= distorted {
      let remedy =
        switch device {
        case .wave, .fastWave: "it was recorded so"
        case .standardInput: "lower the gain where it comes from"
        default: "lower the microphone's gain"
        }
      return Finding("level", .note, "\(words): too loud; \(remedy)")
    }
    return Finding("level", .ok, words)
  }
}
