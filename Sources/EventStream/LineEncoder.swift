import JSON

/// Turns events into lines: UTF-8 JSON without line breaks, the same bytes for the same event.
///
/// A line has at most `maximumLength` bytes including its `\n`, which is not written here: every
/// text in it is cut at a limit of its own.
///
///     var encoder = LineEncoder(run: .random())
///     let line = encoder.line(for: event)  // {"v":1,"type":"emotion","run":"…","seq":1,…}
public struct LineEncoder {
  /// The version of the format: raised when something is removed or changes its meaning, never by
  /// additions.
  public static let version = 1
  /// The most bytes in a line, `\n` included.
  public static let maximumLength = 4_096

  /// The run that all lines name.
  public let run: RunIdentifier
  /// The sequence number of the last event encoded; 0 before the first.
  public private(set) var lastSequence = 0
  let clock: EventClock
  private var writer = JSONWriter(capacity: LineEncoder.maximumLength)

  /// An encoder that has encoded nothing.
  public init(run: RunIdentifier, clock: EventClock = .system) {
    self.run = run
    self.clock = clock
  }

  /// Stamps `event` with the next sequence number and `moment`, or now if it is nil, and writes it.
  public mutating func line(for event: Event, at moment: EventMoment? = nil) -> [UInt8] {
    lastSequence += 1
    let (run, sequence, moment) = (run, lastSequence, moment ?? clock.moment)
    return object { writer in
      writer.head(type: event.type.rawValue, run: run)
      writer.whole("seq", sequence)
      writer.stamp(moment)
      if let stream = event.stream { writer.text("stream", stream, limit: 64) }
      writer.content(event.content)
    }
  }

  /// Writes a connection line: one that answers or warns a single client, and is not stored.
  mutating func connectionLine(
    _ type: String, _ content: (inout JSONWriter) -> Void = { _ in }
  ) -> [UInt8] {
    let (run, sequence, moment) = (run, lastSequence, clock.moment)
    return object { writer in
      writer.head(type: type, run: run)
      writer.whole("last_seq", sequence)
      writer.stamp(moment)
      content(&writer)
    }
  }

  private mutating func object(_ members: (inout JSONWriter) -> Void) -> [UInt8] {
    writer.removeAll()
    writer.object(members)
    return writer.bytes
  }
}

extension JSONWriter {
  fileprivate mutating func head(type: String, run: RunIdentifier) {
    whole("v", LineEncoder.version)
    key("type")
    string(type)
    key("run")
    string(run.description)
  }

  fileprivate mutating func stamp(_ moment: EventMoment) {
    key("time")
    string(moment.time.description)
    whole("mono_ms", moment.monotonicMs)
  }

  /// A member whose text is cut to `limit` bytes.
  mutating func text(_ name: String, _ text: String, limit: Int) {
    key(name)
    string(text.fitting(limit))
  }

  /// A member that is left out when nil: the format has no null.
  mutating func optionalText(_ name: String, _ text: String?, limit: Int) {
    if let text { self.text(name, text, limit: limit) }
  }

  /// A whole number.
  mutating func whole(_ name: String, _ value: Int) {
    key(name)
    integer(value)
  }

  /// A fraction of one, in ten-thousandths, written with four decimals.
  mutating func share(_ name: String, _ tenThousandths: Int) {
    key(name)
    decimal(tenThousandths, places: 4)
  }

  /// `true` or `false`.
  mutating func flag(_ name: String, _ value: Bool) {
    key(name)
    bool(value)
  }
}
