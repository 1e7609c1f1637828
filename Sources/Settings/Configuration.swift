import Affect
import Service

/// Everything that an administrator decides, as it was read and checked.
///
/// Read from one commented TOML file and the drop-ins beside it: see `ConfigurationFiles`.
/// `systemd/edged.toml` documents the keys.
public struct Configuration: Equatable, Sendable {
  /// The model file; nil for the one that is installed with the daemon.
  public var model: String?
  /// The event socket, when none is handed over by systemd.
  public var socket: String?
  /// The lowest level that is logged.
  public var logLevel = LogLevel.info
  /// Streams by name.
  public var streams: [String: StreamConfiguration] = [:]
  /// How events are kept and sent.
  public var events = EventsConfiguration()
  /// How scores become emotions and states.
  public var affect = AffectConfiguration()
  /// Alert rules by name.
  public var alerts: [String: AlertConfiguration] = [:]
  /// Why emotions of `agent` streams are inferred; nil where they are not.
  public var agentException: AgentException?
  /// The files that were read, in order; none where nobody configured anything.
  public var files: [String] = []
  /// Where each key was set, for messages about it: `stream.main.device` and so on.
  public var places: [String: Place] = [:]

  /// The configuration of a machine where nobody configured anything: one stream, from the only
  /// microphone.
  public init() {}

  /// The streams that are to run: those configured, or one called `main` from the only microphone.
  public var runningStreams: [(name: String, stream: StreamConfiguration)] {
    guard !streams.isEmpty else { return [("main", StreamConfiguration())] }
    return streams.sorted { $0.key < $1.key }.map { (name: $0.key, stream: $0.value) }
  }

  /// A line of a configuration file.
  public struct Place: Equatable, Sendable, CustomStringConvertible {
    /// Path of the file.
    public var file: String
    /// Line, counted from 1; nil when it could not be told.
    public var line: Int?

    /// A line of `file`, or the whole of it.
    public init(file: String, line: Int? = nil) {
      self.file = file
      self.line = line
    }

    /// `file:line`, as compilers write it.
    public var description: String { line.map { "\(file):\($0)" } ?? file }
  }
}

/// One stream: who speaks, and where the sound comes from.
public struct StreamConfiguration: Equatable, Sendable {
  /// `auto`, a card, or another name that `SoundDevices.DeviceName` reads.
  public var device = "auto"
  /// Channel of the device, counted from 0.
  public var channel = 0
  /// The rate the device must run at, in Hz; nil for the best it offers.
  public var rate: Int?
  /// Who speaks.
  public var role = Role.caller

  /// The first channel of the only microphone, and a caller who speaks into it.
  public init() {}
}

/// How events are kept and sent. Nil where the daemon's default holds.
public struct EventsConfiguration: Equatable, Sendable {
  /// Bytes of events kept for replay.
  public var historyBytes: Int?
  /// How often clients get a heartbeat, in milliseconds.
  public var heartbeatMs: Int?
  /// How often a client gets interim emotions unless it asks otherwise, in milliseconds.
  public var interimMs: Int?
  /// How many clients are served at a time.
  public var maximumClients: Int?

  /// All defaults.
  public init() {}
}

/// How scores become emotions and states. Shares are in ten-thousandths; nil where the daemon's
/// default holds.
public struct AffectConfiguration: Equatable, Sendable {
  /// Confidence below which the label is `unknown`.
  public var minimumConfidence: Int?
  /// The time constant of the evidence, in milliseconds of speech.
  public var timeConstantMs: Int?
  /// Share of the evidence from which an emotion is sustained.
  public var enterShare: Int?
  /// Share of the evidence below which it no longer is.
  public var leaveShare: Int?
  /// Silence after which earlier evidence counts no more, in milliseconds.
  public var lapseMs: Int?

  /// All defaults.
  public init() {}
}

/// When to alert someone. Shares are in ten-thousandths.
public struct AlertConfiguration: Equatable, Sendable {
  /// The emotions whose evidence is summed.
  public var emotions: [String] = []
  /// The share of the evidence from which the condition holds.
  public var share = 6000
  /// How long it must hold, in milliseconds.
  public var forMs = 10_000
  /// How long the alert keeps firing when it no longer holds, in milliseconds.
  public var keepFiringForMs = 10_000

  /// A rule for no emotion yet.
  public init() {}
}
