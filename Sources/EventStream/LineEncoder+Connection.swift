import JSON

/// Why a client missed events.
enum GapReason: String, CaseIterable, Sendable {
  /// It read too slowly, and the oldest were overwritten.
  case slow
  /// Its cursor is of another run of the daemon.
  case restart
  /// Its cursor is older than what is still held.
  case expired
}

extension LineEncoder {
  /// The first line of every connection, on which a heartbeat comes every `heartbeatMs`.
  mutating func hello(_ description: ServerDescription, heartbeatMs: Int) -> [UInt8] {
    fitting(description) { writer, description, streams in
      writer.whole("heartbeat_ms", heartbeatMs)
      writer.describe(description, streams: streams)
    }
  }

  /// Events are missing: `dropped` of those numbered `from` to `to`, where that is known.
  mutating func gap(_ reason: GapReason, dropped: Int? = nil, from: Int? = nil, to: Int? = nil)
    -> [UInt8]
  {
    connectionLine("gap") { writer in
      if let dropped { writer.whole("dropped", dropped) }
      if let from { writer.whole("from", from) }
      if let to { writer.whole("to", to) }
      writer.text("reason", reason.rawValue, limit: 32)
    }
  }

  /// The daemon is alive, though nothing happens.
  mutating func heartbeat() -> [UInt8] { connectionLine("heartbeat") }

  /// A command was carried out.
  mutating func ok(_ request: Request, _ content: (inout JSONWriter) -> Void = { _ in }) -> [UInt8]
  {
    connectionLine("ok") { writer in
      writer.text("cmd", request.command.name, limit: 32)
      writer.identifier(request.id)
      content(&writer)
    }
  }

  /// The answer to `subscribe`: what the client hears from now on.
  mutating func subscribed(_ request: Request, _ subscription: Subscription) -> [UInt8] {
    ok(request) { writer in
      writer.texts("types", subscription.types.types.map(\.rawValue))
      if let streams = subscription.streams { writer.texts("streams", streams, limit: 64) }
      writer.flag("interim", subscription.wantsInterim)
      writer.whole("interim_ms", subscription.interimMs)
    }
  }

  /// The answer to `replay`: how many events follow that were published before.
  mutating func replaying(_ request: Request, events: Int) -> [UInt8] {
    ok(request) { $0.whole("events", events) }
  }

  /// The answer to `status`, with the streams after the first `skip`.
  mutating func status(
    _ request: Request, _ description: ServerDescription, _ counts: ServerCounts, skip: Int = 0
  ) -> [UInt8] {
    var description = description
    description.streams.removeFirst(min(skip, description.streams.count))
    return fitting(description, type: "ok") { writer, description, streams in
      writer.text("cmd", request.command.name, limit: 32)
      writer.identifier(request.id)
      writer.whole("uptime_ms", counts.uptimeMs)
      writer.whole("clients", counts.clients)
      writer.whole("first_seq", counts.firstSequence)
      writer.whole("dropped", counts.dropped)
      writer.whole("refused", counts.refused)
      writer.describe(description, streams: streams)
    }
  }

  /// The answer to a command of the control socket, with the streams it applied to.
  mutating func obeyed(
    _ request: Request, _ command: ControlCommand, _ streams: [String]
  ) -> [UInt8] {
    ok(request) { writer in
      if case .call(let phase) = command { writer.text("phase", phase.rawValue, limit: 32) }
      writer.texts("streams", Array(streams.prefix(32)), limit: 64)
    }
  }

  /// The answer to `meter`, with the streams whose levels are reported from now on.
  mutating func metering(_ request: Request, _ streams: [String]) -> [UInt8] {
    ok(request) { $0.texts("streams", Array(streams.prefix(32)), limit: 64) }
  }

  /// How loud a stream is.
  mutating func meter(_ reading: MeterReading) -> [UInt8] {
    connectionLine("meter") { writer in
      writer.text("stream", reading.stream, limit: 64)
      if let level = reading.levelCentibels { writer.level(level) }
      if let peak = reading.peakCentibels {
        writer.key("peak_dbfs")
        writer.decimal(peak, places: 1)
      }
    }
  }

  /// A command was refused, or the line was not a command.
  mutating func error(_ problem: RequestProblem) -> [UInt8] {
    connectionLine("error") { writer in
      writer.identifier(problem.id)
      writer.explanation(problem.reason.rawValue, problem.message)
    }
  }

  /// A line about `description` with as many of its streams as fit. Accuracy figures of the model
  /// are dropped to fit at least one; otherwise a client that asks for the rest would never get it.
  private mutating func fitting(
    _ description: ServerDescription, type: String = "hello",
    _ content: (inout JSONWriter, ServerDescription, Int) -> Void
  ) -> [UInt8] {
    var description = description
    var streams = description.streams.count
    while true {
      let line = connectionLine(type) { content(&$0, description, streams) }
      if line.count < LineEncoder.maximumLength || streams == 0 { return line }
      if streams == 1, description.model?.accuracy.popLast() != nil { continue }
      streams -= 1
    }
  }
}

extension JSONWriter {
  fileprivate mutating func identifier(_ id: RequestIdentifier?) {
    switch id {
    case .number(let number): whole("id", number)
    case .text(let text): self.text("id", text, limit: 6 * RequestIdentifier.maximumLength)
    case nil: break
    }
  }

  fileprivate mutating func describe(_ description: ServerDescription, streams count: Int) {
    text("version", description.version, limit: 64)
    optionalText("device_id", description.deviceIdentifier, limit: 128)
    if let synced = description.isClockSynced {
      key("clock")
      object { $0.flag("synced", synced) }
    }
    if let model = description.model {
      key("model")
      object { $0.model(model) }
    }
    if let exception = description.agentException {
      text("agent_exception", exception.rawValue, limit: 32)
    }
    if !description.reloadRefused.isEmpty {
      key("reload_refused")
      array { writer in
        for refusal in description.reloadRefused { writer.object { $0.reloadRefused(refusal) } }
      }
    }
    key("streams")
    array { writer in
      for stream in description.streams.prefix(count) { writer.object { $0.stream(stream) } }
    }
    if count < description.streams.count {
      whole("streams_left_out", description.streams.count - count)
    }
  }

  private mutating func model(_ model: ModelSummary) {
    text("id", model.id, limit: 64)
    text("name", model.name, limit: 128)
    texts("labels", model.labels.map(\.rawValue))
    if !model.accuracy.isEmpty {
      key("accuracy")
      object { writer in
        for figure in model.accuracy.prefix(16) {
          writer.share(figure.name.fitting(32), figure.share)
        }
      }
    }
    optionalText("data", model.data, limit: 256)
    optionalText("licence", model.licence, limit: 128)
    if !model.languages.isEmpty { texts("languages", Array(model.languages.prefix(16))) }
    optionalText("date", model.date, limit: 32)
  }

  private mutating func stream(_ stream: StreamSummary) {
    text("name", stream.name, limit: 64)
    text("role", stream.role.rawValue, limit: 32)
    key("device")
    string(StreamSummary.told(device: stream.device))
    whole("channel", stream.channel)
    if let rate = stream.rateHz { whole("rate_hz", rate) }
    text("state", stream.state.rawValue, limit: 32)
    optionalText("reason", stream.reason, limit: 64)
    flag("infers_emotion", stream.infersEmotion)
    if let sustained = stream.sustained { text("sustained", sustained.rawValue, limit: 32) }
  }

  mutating func texts(_ name: String, _ texts: [String], limit: Int = 32) {
    key(name)
    array { writer in for text in texts { writer.string(text.fitting(limit)) } }
  }

  private mutating func reloadRefused(_ refusal: ReloadRefusal) {
    text("type", refusal.type.rawValue, limit: 32)
    optionalText("path", refusal.path, limit: 128)
    text("reason", refusal.reason, limit: 64)
    text("message", refusal.message, limit: 320)
  }
}
