extension Configuration {
  /// Rates that a device can be asked for, in Hz.
  private static let rates = 8000...192_000
  /// Clients at a time: the unit's `LimitNOFILE=4096` leaves the daemon 96 descriptors of its own.
  private static let clients = 4000
  private static let day = 86_400_000

  /// Takes over everything that `file` sets; what it does not set stays as it was.
  mutating func apply(_ file: ConfigurationSection) throws(ConfigurationProblem) {
    try file.allow([
      "affect", "agents", "alert", "events", "log_level", "model", "socket", "stream",
    ])
    note(file, ["model", "socket"])
    if let path = try file.string("model") { model = path }
    if let path = try file.string("socket") { socket = path }
    if let level = try file.choice("log_level", of: LogLevel.allCases.map(\.name)) {
      logLevel = LogLevel.allCases.first { $0.name == level }!
    }
    if let section = try file.section("stream", example: "stream.main") {
      try applyStreams(section)
    }
    if let section = try file.section("events") { try applyEvents(section) }
    if let section = try file.section("affect") { try applyAffect(section) }
    if let section = try file.section("alert") { try applyAlerts(section) }
    if let section = try file.section("agents") { try applyAgents(section) }
  }

  private mutating func applyStreams(_ all: ConfigurationSection) throws(ConfigurationProblem) {
    for name in all.keys {
      guard let section = try all.section(name, example: "stream.main") else { continue }
      guard !name.isEmpty else {
        throw all.problem(.badValue, name, "a stream needs a name: write [stream.main]")
      }
      try section.allow(["channel", "device", "rate", "role"])
      note(section, ["channel", "device", "rate", "role"])
      var stream = streams[name] ?? StreamConfiguration()
      if let device = try section.string("device") { stream.device = device }
      if let channel = try section.integer("channel", in: 0...63) { stream.channel = channel }
      if let rate = try section.integer("rate", in: Self.rates) { stream.rate = rate }
      if let role = try section.choice("role", of: ["caller", "agent", "other"]) {
        stream.role = role
      }
      streams[name] = stream
    }
  }

  private mutating func applyEvents(_ section: ConfigurationSection) throws(ConfigurationProblem) {
    try section.allow(["heartbeat_s", "history_kb", "interim_ms", "maximum_clients"])
    if let kilobytes = try section.integer("history_kb", in: 16...16_384) {
      events.historyBytes = kilobytes * 1024
    }
    if let seconds = try section.integer("heartbeat_s", in: 1...3600) {
      events.heartbeatMs = seconds * 1000
    }
    if let interim = try section.integer("interim_ms", in: 100...60_000) {
      events.interimMs = interim
    }
    if let count = try section.integer("maximum_clients", in: 1...Self.clients) {
      events.maximumClients = count
    }
  }

  private mutating func applyAffect(_ section: ConfigurationSection) throws(ConfigurationProblem) {
    let keys = ["enter_share", "lapse_ms", "leave_share", "minimum_confidence", "time_constant_ms"]
    try section.allow(keys)
    note(section, keys)
    if let share = try section.share("minimum_confidence") { affect.minimumConfidence = share }
    if let share = try section.share("enter_share") { affect.enterShare = share }
    if let share = try section.share("leave_share") { affect.leaveShare = share }
    if let time = try section.integer("time_constant_ms", in: 1...Self.day) {
      affect.timeConstantMs = time
    }
    if let time = try section.integer("lapse_ms", in: 1...Self.day) { affect.lapseMs = time }
  }

  private mutating func applyAlerts(_ all: ConfigurationSection) throws(ConfigurationProblem) {
    for name in all.keys {
      guard let section = try all.section(name) else { continue }
      try section.allow(["emotions", "for_s", "keep_firing_for_s", "share"])
      note(section, ["emotions"])
      var alert = alerts[name] ?? AlertConfiguration()
      if let emotions = try section.strings("emotions") { alert.emotions = emotions }
      if let share = try section.share("share") { alert.share = share }
      if let seconds = try section.integer("for_s", in: 0...86_400) { alert.forMs = seconds * 1000 }
      if let seconds = try section.integer("keep_firing_for_s", in: 0...86_400) {
        alert.keepFiringForMs = seconds * 1000
      }
      guard !alert.emotions.isEmpty else {
        throw section.problem(
          .badValue, "emotions",
          "alert `\(name)` names no emotion; write for example emotions = [\"angry\"]")
      }
      alerts[name] = alert
    }
  }

  private mutating func applyAgents(_ section: ConfigurationSection) throws(ConfigurationProblem) {
    try section.allow(["exception"])
    note(section, ["exception"])
    if let reason = try section.choice("exception", of: ["medical", "safety"]) {
      agentException = reason
    }
  }

  private mutating func note(_ section: ConfigurationSection, _ keys: [String]) {
    for key in section.keys where keys.contains(key) {
      places[section.full(key)] = section.place(of: key)
    }
  }
}
