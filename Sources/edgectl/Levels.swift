import EventStream
import JSON

/// How loud it was at each microphone for a while: the greatest of the daemon's readings.
struct Levels {
  /// What was read of one stream, both in dBFS.
  struct Reading {
    /// The loudest tenth of a second.
    var level: Double
    /// The greatest sample.
    var peak: Double

    init(level: Double, peak: Double) { (self.level, self.peak) = (level, peak) }

    /// The reading in a line of the daemon; nil when nothing comes from the device.
    init?(_ object: JSONObject) {
      guard let level = object["level_dbfs"]?.number, let peak = object["peak_dbfs"]?.number else {
        return nil
      }
      self.init(level: level, peak: peak)
    }
  }

  /// By stream; none for a stream whose device delivers nothing.
  private(set) var readings: [String: Reading] = [:]

  /// Reads levels from the control socket at `path` for `seconds`; calls `show` with each of their
  /// lines.
  init(
    path: String, streams: [String] = [], seconds: Double,
    show: (JSONObject) throws -> Void = { _ in }
  ) throws {
    var connection = try EventConnection(path: path)
    _ = connection.send(ControlOption.line("meter", streams))
    let deadline = ContinuousClock.now + .seconds(seconds)
    while true {
      let received = connection.receive(until: deadline)
      if received == .closed { throw DaemonProblem.gone(path: path) }
      guard case .line(let line) = received else { return }
      guard let object = (try? JSONValue(parsing: line))?.object else { continue }
      if object["type"]?.string == "meter" {
        take(object)
        try show(object)
      } else {
        _ = try ControlOption.isOurs(object)
      }
    }
  }

  /// Why levels cannot be read, for commands that have an event socket as well.
  static func sentence(_ problem: any Error) -> String {
    (problem as? ConnectionProblem)?.sentence(naming: "--control-socket") ?? "\(problem)"
  }

  private mutating func take(_ object: JSONObject) {
    guard let stream = object["stream"]?.string, let now = Reading(object) else { return }
    let before = readings[stream] ?? now
    readings[stream] = Reading(
      level: max(now.level, before.level), peak: max(now.peak, before.peak))
  }
}
