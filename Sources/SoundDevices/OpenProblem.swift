/// Why a sound source did not open: a case for each thing somebody can do about it.
public enum OpenProblem: Error, Equatable, Sendable {
  /// No card of this machine can capture. Plug in a microphone.
  case noCard
  /// The named device is not there. Plug it in, or name another.
  case notThere(name: String)
  /// `auto` needs a single candidate and there are several. Name one.
  case severalCards([String])
  /// Another program has the device. Close that program, or capture through dsnoop.
  case busy(name: String)
  /// The device is there and this user may not open it. Join the group `audio`.
  case denied(name: String)
  /// The device offers nothing that the front end can use.
  case unusable(name: String, reason: String)
  /// The device has no such channel.
  case noSuchChannel(name: String, channel: Int, channels: Int)
  /// A file, or standard input, that is not the sound it should be.
  case badFile(path: String, reason: String)
  /// Anything else that libasound or the kernel said.
  case failed(name: String, reason: String)

  /// One word that does not change, for programs.
  public var reason: StateReason {
    switch self {
    case .noCard: .noCard
    case .notThere: .notThere
    case .severalCards: .severalCards
    case .busy: .busy
    case .denied: .permission
    case .unusable, .noSuchChannel: .unusable
    case .badFile: .badFile
    case .failed: .failed
    }
  }

  /// The state of the device that this problem leaves it in.
  public var state: DeviceState {
    switch self {
    case .busy: .busy
    case .denied: .denied
    default: .absent
    }
  }
}

extension OpenProblem: CustomStringConvertible {
  /// What, where and what to do, in one sentence.
  public var description: String {
    switch self {
    case .noCard:
      "no sound card here can capture; plug in a microphone, `edgectl devices` lists what is found"
    case .notThere(let name) where OpenProblem.isLibraryName(name):
      "libasound knows no PCM \(name), or its card is away; `edgectl devices` lists the cards that are there"
    case .notThere(let name):
      "capture device \(name) is not there; plug it in, or choose one from `edgectl devices`"
    case .severalCards(let names):
      "several cards can capture (\(names.joined(separator: ", "))); name one of them as the device"
    case .busy(let name):
      "capture device \(name) is in use by another program; stop that program or share the card with dsnoop"
    case .denied(let name):
      "no permission to open capture device \(name); its group is audio: “sudo adduser $USER audio” and log in again"
    case .unusable(let name, let reason):
      "capture device \(name) cannot be used: \(reason)"
    case .noSuchChannel(let name, let channel, let channels):
      "capture device \(name) has \(channels) channel\(channels == 1 ? "" : "s"), "
        + "channel \(channel) was asked for; channels count from 0"
    case .badFile(let path, let reason):
      "\(path): \(reason)"
    case .failed(let name, let reason):
      "capture device \(name) did not open: \(reason)"
    }
  }

  /// Why the device called `name` does not open, in one sentence for `reason`: that of `last`, which
  /// may be from another attempt, if its reason is the same; else what `reason` alone tells. Nil
  /// where `reason` is not about opening.
  public static func sentence(
    for reason: StateReason, of name: String, knowing last: OpenProblem? = nil
  ) -> String? {
    if let last, last.reason == reason { return last.description }
    return switch reason {
    case .noCard: noCard.description
    case .notThere: notThere(name: name).description
    case .severalCards: "several cards can capture; name one of them as the device"
    case .busy: busy(name: name).description
    case .permission: denied(name: name).description
    case .unusable:
      "capture device \(name) cannot be used as it is configured; `edgectl devices` shows what it offers"
    case .badFile: "\(name) cannot be heard; `edged --check-config` says why"
    case .failed: "capture device \(name) did not open; look whether `arecord` can open it"
    default: nil
    }
  }

  /// Whether a device's name is a PCM of libasound, which need not be something to plug in.
  private static func isLibraryName(_ text: String) -> Bool {
    if case .pcm? = try? DeviceName(text) { true } else { false }
  }
}
