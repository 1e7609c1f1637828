import Affect
import SoundDevices

/// What the daemon is and does right now: the content of `hello` and of the answer to `status`.
public struct ServerDescription: Equatable, Sendable {
  /// The daemon's version.
  public var version: String
  /// Which board this is, the same across runs; nil when it has no identity.
  public var deviceIdentifier: String?
  /// Whether the wall clock is synchronized; nil when unknown.
  public var isClockSynced: Bool?
  /// The model in service, if one is.
  public var model: ModelSummary?
  /// All streams, in the configuration's order.
  public var streams: [StreamSummary]
  /// Why emotions of `agent` streams are inferred, if they are.
  public var agentException: AgentException?
  /// What the last reload refused, while what was loaded before stays in service.
  public var reloadRefused: [ReloadRefusal]

  /// A description; see the properties.
  public init(
    version: String, deviceIdentifier: String? = nil, isClockSynced: Bool? = nil,
    model: ModelSummary? = nil, streams: [StreamSummary] = [],
    agentException: AgentException? = nil, reloadRefused: [ReloadRefusal] = []
  ) {
    self.version = version
    self.deviceIdentifier = deviceIdentifier
    self.isClockSynced = isClockSynced
    self.model = model
    self.streams = streams
    self.agentException = agentException
    self.reloadRefused = reloadRefused
  }
}

/// A model or a configuration that a reload refused.
public struct ReloadRefusal: Equatable, Sendable {
  /// Which of the two: `model` or `config`.
  public var type: EventType
  /// The file.
  public var path: String?
  /// Why, as a token that programs may compare.
  public var reason: String
  /// Why, as a sentence for people.
  public var message: String

  /// The file at `path` was refused.
  public init(_ type: EventType, path: String?, reason: String, message: String) {
    self.type = type
    self.path = path
    self.reason = reason
    self.message = message
  }
}

/// The model in service: what it is, and what its card says in short.
public struct ModelSummary: Equatable, Sendable {
  /// A share that the card claims, such as an accuracy.
  public struct Figure: Equatable, Sendable {
    /// What was measured: `cold`, `session` …
    public var name: String
    /// The share, in ten-thousandths.
    public var share: Int

    /// The figure called `name`.
    public init(name: String, share: Int) {
      (self.name, self.share) = (name, share)
    }
  }

  /// The model's identifier: its file's SHA-256 in hexadecimal.
  public var id: String
  /// Its name.
  public var name: String
  /// The emotions it can name.
  public var labels: [Emotion]
  /// Its accuracies on speakers it was not trained on.
  public var accuracy: [Figure]
  /// The data it was trained on.
  public var data: String?
  /// Under which licence it may be used.
  public var licence: String?
  /// The languages it was trained on, as BCP 47 tags.
  public var languages: [String]
  /// When it was made, as `YYYY-MM-DD`.
  public var date: String?

  /// A summary; see the properties.
  public init(
    id: String, name: String, labels: [Emotion], accuracy: [Figure] = [], data: String? = nil,
    licence: String? = nil, languages: [String] = [], date: String? = nil
  ) {
    self.id = id
    self.name = name
    self.labels = labels
    self.accuracy = accuracy
    self.data = data
    self.licence = licence
    self.languages = languages
    self.date = date
  }
}

/// One stream: who speaks there, where the audio comes from, and how that goes.
public struct StreamSummary: Equatable, Sendable {
  /// What people call it.
  public var name: String
  /// Who speaks on it.
  public var role: Role
  /// The configured device.
  public var device: String
  /// Which channel of the device, from 0.
  public var channel: Int
  /// The rate the device runs at, when it does.
  public var rateHz: Int?
  /// The state of the device.
  public var state: DeviceState
  /// Why, as a token that programs may compare.
  public var reason: String?
  /// Whether emotions are inferred from it.
  public var infersEmotion: Bool
  /// The sustained emotion on it, if there is one.
  public var sustained: Emotion?

  /// `device` as `hello` and `status` show it: cut to the room they have.
  public static func told(device: String) -> String { device.fitting(128) }

  /// A summary; see the properties.
  public init(
    name: String, role: Role, device: String, channel: Int = 0, rateHz: Int? = nil,
    state: DeviceState, reason: String? = nil, infersEmotion: Bool, sustained: Emotion? = nil
  ) {
    self.name = name
    self.role = role
    self.device = device
    self.channel = channel
    self.rateHz = rateHz
    self.state = state
    self.reason = reason
    self.infersEmotion = infersEmotion
    self.sustained = sustained
  }
}
