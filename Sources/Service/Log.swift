import Synchronization
import Text

/// The severity of a line, as in syslog.
public enum LogLevel: Int, CaseIterable, Comparable, Sendable {
  case error = 3
  case warning = 4
  case notice = 5
  case info = 6

  /// The word in configuration and on stderr.
  public var name: String {
    switch self {
    case .error: "error"
    case .warning: "warning"
    case .notice: "notice"
    case .info: "info"
    }
  }

  /// Whether `left` is more severe than `right`.
  public static func < (left: LogLevel, right: LogLevel) -> Bool { left.rawValue < right.rawValue }
}

/// What kind of thing a log line reports: journald's MESSAGE_ID, by which `journalctl MESSAGE_ID=…`
/// finds all of a kind.
///
/// Each is a random 128-bit number that was drawn once and never changes.
public enum LogTopic: String, CaseIterable, Sendable {
  case started = "5e0b1e6d6a0f4c0f9d0f2f1b6c9a7e21"
  case stopped = "a3c8d2f47b0e4a59b6f1e8d05c72936b"
  case reloaded = "1f7a94c05d3b4e82a96c40e7b8d2f513"
  case badCommandLine = "4b0d92f7e6a84c51b3d8017fae65c29d"
  case startFailed = "f18a6c0d35b94e7782c4e9a05d7b61f3"
  case exhausted = "eb8bfac77601d3c68720f9a24f519776"
  case configurationRejected = "c94e07a1b26d4f38853fd1ac9e60b247"
  case configurationDoubted = "c7a77ff2a2c82877c72a33c540a53d56"
  case modelLoaded = "70d5b3e8194f4ca2be07f9635a1d8c4e"
  case modelRejected = "e82f6ac4d7134b09a5589b0c3ef7d162"
  case deviceRunning = "3b96f0d85ce24a17b2d841f7690ae35c"
  case deviceFault = "9d147ce3a05f4b68be92c6d018f3e75a"
  case soundLost = "48ea5bf90c6d4217936eb0d7a2f8c10d"
  case socketFault = "d6017fb8e35c4e9aa4c3281e905fb7d2"
  case control = "8c3e5f0b72d94e16a1f7c90b64d82e35"
  case privacy = "26c0de913fa74b85b7e8d5a4f10c396e"
  case performance = "b5f3827e6d094a1c8e57c09fad1b24e6"
}

/// One line of the log, with its place in it.
public struct LogLine: Equatable, Sendable {
  /// Its severity.
  public var level: LogLevel
  /// What kind of thing it reports.
  public var topic: LogTopic
  /// What it says.
  public var text: String

  /// A line that says `text`.
  public init(_ level: LogLevel, _ topic: LogTopic, _ text: String) {
    self.level = level
    self.topic = topic
    self.text = text
  }
}

/// The daemon's log: the journal under systemd, stderr elsewhere.
///
/// Emotions are never logged, and a device that works logs nothing, so that a log does not fill an
/// SD card.
public struct Log: Sendable {
  /// How many lines were lost since one was written, across all logs: there is one stderr.
  private static let lost = Atomic<Int>(0)
  private let output: LogOutput
  /// Lines below this level are dropped.
  public var level: LogLevel

  /// A log that goes to the journal when stderr is connected to it (systemd says so in
  /// JOURNAL_STREAM). Unless it `waits`, a reader of stderr that lags cannot hold the program up,
  /// except the journal and, rarely, another user's pipe or terminal (`LogOutput.shared`): a line
  /// for which there is no room is lost, in whole or in part, and counted.
  public init(level: LogLevel = .info, waits: Bool = true) {
    self.level = level
    output = LogOutput(waits: waits)
  }

  /// Writes one line, after one that says how many were lost before it, if any were.
  public func write(_ level: LogLevel, _ topic: LogTopic, _ message: String) {
    guard level <= self.level else { return }
    let lost = Self.lost.exchange(0, ordering: .relaxed)
    let isTold =
      lost == 0
      || prepare(
        level, .performance, "the log has lost \(lost) of its lines: there was no room for them"
      ).write()
    let isWritten = isTold && prepare(level, topic, message).write()
    Self.lost.add((isTold ? 0 : lost) + (isWritten ? 0 : 1), ordering: .relaxed)
  }

  /// One line, whatever its level and whatever is in `message`, to be written when there may be no
  /// memory left to make it.
  public func prepare(_ level: LogLevel, _ topic: LogTopic, _ message: String) -> PreparedLine {
    let message = message.printable
    switch output {
    case .journal:
      return PreparedLine(
        ["MESSAGE=\(message)", "PRIORITY=\(level.rawValue)", "MESSAGE_ID=\(topic.rawValue)"],
        to: output)
    case .text, .shared, .socket:
      return PreparedLine(["edged: \(level.name): \(message)\n"], to: output)
    }
  }
}
