import Affect
import Service

extension Configuration {
  /// Rates that a device can be asked for, in Hz.
  private static let rates = 8000...192_000
  /// Clients at a time: of the unit's `LimitNOFILE=4096`, 96 are left for the rest (`Plan`).
  private static let clients = 4000
  private static let day = 86_400_000
  /// How many bytes the name of a stream or an alert may take as JSON. Events have room for 64; the
  /// rest is for the number that tells apart the streams of several `--device`.
  private static let nameBytes = 60

  /// Applies everything that `file` sets; what it does not set stays as it was.
  mutating func apply(_ file: ConfigurationSection) {
    file.allow([
      "affect", "agents", "alert", "events", "log_level", "model", "socket", "stream",
    ])
    note(file, ["model", "socket"])
    if let path = file.string("model") { model = path }
    if let path = file.string("socket") { socket = path }
    if let level = file.choice("log_level", of: LogLevel.allCases, \.name) { logLevel = level }
    if let section = file.section("stream", example: "stream.main") {
      applyStreams(section)
    }
    if let section = file.section("events") { applyEvents(section) }
    if let section = file.section("affect") { applyAffect(section) }
    if let section = file.section("alert") { applyAlerts(section) }
    if let section = file.section("agents") { applyAgents(section) }
  }

  private mutating func applyStreams(_ all: ConfigurationSection) {
    for name in all.keys {
      guard let section = all.section(name, example: "stream.main") else { continue }
      guard !name.isEmpty else {
        all.report(.badValue, name, "a stream needs a name: write [stream.main]")
        continue
      }
      guard isUsable(name, in: all) else { continue }
      section.allow(["channel", "device", "rate", "role"])
      note(section, ["channel", "device", "rate", "role"])
      var stream = streams[name] ?? StreamConfiguration()
      if let device = section.string("device") { stream.device = device }
      if let channel = section.integer("channel", in: 0...63) { stream.channel = channel }
      if let rate = section.integer("rate", in: Self.rates) { stream.rate = rate }
      if let role = section.choice("role", of: Role.allCases, \.rawValue) { stream.role = role }
      streams[name] = stream
    }
  }

  /// Reports a name that would break a log line in two or control a terminal, and one that events
  /// would cut, so that no client could refer to it.
  private func isUsable(_ name: String, in section: ConfigurationSection) -> Bool {
    let hasControl = name.unicodeScalars.contains { scalar in
      scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
    }
    if hasControl {
      section.report(
        .badValue, name, "a name holds a line feed or another control character; leave it out")
    }
    let byteCount = name.utf8.reduce(0) { $0 + ("\"\\".utf8.contains($1) ? 2 : 1) }
    let isTooLong = byteCount > Self.nameBytes
    if isTooLong {
      section.report(
        .badValue, name,
        "a name takes \(byteCount) bytes in an event and may take \(Self.nameBytes); shorten it")
    }
    return !hasControl && !isTooLong
  }

  private mutating func applyEvents(_ section: ConfigurationSection) {
    section.allow(["heartbeat_s", "history_kb", "interim_ms", "maximum_clients"])
    if let kilobytes = section.integer("history_kb", in: 16...16_384) {
      events.historyBytes = kilobytes * 1024
    }
    if let seconds = section.integer("heartbeat_s", in: 1...3600) {
      events.heartbeatMs = seconds * 1000
    }
    if let interim = section.integer("interim_ms", in: 100...60_000) {
      events.interimMs = interim
    }
    if let count = section.integer("maximum_clients", in: 1...Self.clients) {
      events.maximumClients = count
    }
  }

  private mutating func applyAffect(_ section: ConfigurationSection) {
    let keys = ["enter_share", "lapse_ms", "leave_share", "minimum_confidence", "time_constant_ms"]
    section.allow(keys)
    note(section, keys)
    if let share = section.share("minimum_confidence") { affect.minimumConfidence = share }
    if let share = section.share("enter_share") { affect.enterShare = share }
    if let share = section.share("leave_share") { affect.leaveShare = share }
    if let time = section.integer("time_constant_ms", in: 1...Self.day) {
      affect.timeConstantMs = time
    }
    if let time = section.integer("lapse_ms", in: 1...Self.day) { affect.lapseMs = time }
  }

  private mutating func applyAlerts(_ all: ConfigurationSection) {
    for name in all.keys {
      guard let section = all.section(name), isUsable(name, in: all) else { continue }
      section.allow(["emotions", "for_s", "keep_firing_for_s", "share"])
      note(section, ["emotions"])
      var alert = alerts[name] ?? AlertConfiguration()
      if let emotions = section.strings("emotions") { alert.emotions = emotions }
      if let share = section.share("share") {
        if share == 0 {
          section.report(
            .badValue, "share",
            "`\(section.full("share"))` is 0, so that the alert would always fire; it must be above 0"
          )
        }
        alert.share = share
      }
      if let seconds = section.integer("for_s", in: 0...86_400) { alert.forMs = seconds * 1000 }
      if let seconds = section.integer("keep_firing_for_s", in: 0...86_400) {
        alert.keepFiringForMs = seconds * 1000
      }
      alerts[name] = alert
      places["alert.\(name)"] = all.place(of: name)
    }
  }

  /// Reports what is missing when all files are read.
  func checkWhole(_ review: ConfigurationReview) {
    for (name, alert) in alerts where alert.emotions.isEmpty {
      guard let place = places["alert.\(name).emotions"] ?? places["alert.\(name)"],
        !review.knows(place)
      else { continue }
      review.report(
        place, "alert `\(name)` names no emotion; write for example emotions = [\"angry\"]")
    }
  }

  private mutating func applyAgents(_ section: ConfigurationSection) {
    section.allow(["exception"])
    note(section, ["exception"])
    if let reason = section.choice("exception", of: AgentException.allCases, \.rawValue) {
      agentException = reason
    }
  }

  private mutating func note(_ section: ConfigurationSection, _ keys: [String]) {
    for key in section.keys where keys.contains(key) {
      places[section.full(key)] = section.place(of: key)
    }
  }
}
