import CLinux
import Glibc

/// Publishes events as lines on a Unix socket, to any number of clients, none of which can hold up
/// another.
///
/// All of it runs on one thread and never blocks. That thread waits for `pollDescriptor` with
/// whatever else it waits for, calls `process` when it is readable, and `publish` when something
/// happens:
///
///     let server = try EventServer(ListeningSocket(path: path), description: description)
///     loop.add(server.pollDescriptor) { server.process() }
///     server.publish(Event(stream: "caller", finding: finding))
///
/// Recent events lie in one ring of fixed size (`History`); each client is a position in it. A
/// replay moves the position back, so nothing can fall between what is replayed and what is live. A
/// client that is overtaken by the oldest line held loses whole lines, the oldest first, and a
/// `gap` line tells it which. The kernel's buffer for each client is bounded too. Nothing grows
/// with the length of the run.
public final class EventServer {
  /// Bounds and intervals.
  public struct Settings: Equatable, Sendable {
    /// How many bytes of lines are held for replay and slow clients (some 300 a line).
    public var historyBytes = 262_144
    /// How often a client hears that the daemon is alive, in milliseconds.
    public var heartbeatMs = 10_000
    /// The interval between interim results for a client that does not give one, in milliseconds.
    public var interimMs = 500
    /// How many clients are served at a time. Each takes a descriptor: mind RLIMIT_NOFILE.
    public var maximumClients = 2_000
    /// What the kernel may hold for each client, in bytes of its own counting.
    public var sendBufferBytes = 32_768

    /// The defaults.
    public init() {}
  }

  /// What `hello` and `status` say: keep it up to date before publishing what changed.
  public var description: ServerDescription
  /// How many clients are connected.
  var clientCount: Int { clients.count }
  /// How many lines slow clients have missed in total, whether or not they have been told yet.
  private(set) var droppedLines = 0
  /// How many connections were refused because there were too many.
  var refusedClients = 0

  /// Carries out commands of the control socket for the named streams; called while `process` runs.
  public var controller: ((ControlCommand, [String]) -> Void)?
  /// Called with whether any client wants levels, whenever that changes.
  public var meters: ((Bool) -> Void)?
  /// Returns the level of every stream; called every `meterMs` while any client wants levels.
  public var readMeters: (() -> [MeterReading])?

  let settings: Settings
  var encoder: LineEncoder
  var history: History
  let socket: ListeningSocket
  let control: ListeningSocket?
  let controlNumber: Int32
  let poll: EventPoll
  let timer: Descriptor
  let meterTimer: Descriptor
  var isMetering = false
  /// Clients whose commands wait to be carried out.
  var deferred: [ServedClient] = []
  private let vectors: UnsafeMutableBufferPointer<iovec>
  let startedMs: Int
  private var pace = InterimPace()
  var clients: [Int32: ServedClient] = [:]
  var interests: [Int32: (reads: Bool, writes: Bool)] = [:]
  var isAccepting = true

  /// Serves events on `socket`, and commands on `control`. Takes all resources that are ever
  /// needed, except those of each client.
  public init(
    _ socket: consuming ListeningSocket, control: consuming ListeningSocket? = nil,
    run: RunIdentifier = .ofThisProcess(), description: ServerDescription,
    settings: Settings = Settings(), clock: EventClock = .system
  ) throws(SocketProblem) {
    timer = try EventServer.timer()
    meterTimer = try EventServer.timer()
    guard let poll = EventPoll(capacity: 64), poll.add(socket.descriptor.number),
      poll.add(timer.number), poll.add(meterTimer.number)
    else { throw .system(call: "epoll_create1", path: "the event socket", code: errno) }
    if let control = consume control {
      controlNumber = control.descriptor.number
      guard poll.add(controlNumber) else {
        throw .system(call: "epoll_ctl", path: "the control socket", code: errno)
      }
      self.control = .some(consume control)
    } else {
      controlNumber = -1
      self.control = nil
    }
    self.poll = poll
    self.socket = socket
    self.description = description
    self.settings = settings
    encoder = LineEncoder(run: run, clock: clock)
    history = History(capacity: settings.historyBytes)
    vectors = .allocate(capacity: 64)
    startedMs = clock.monotonicMs()
  }

  deinit { vectors.deallocate() }

  private static func timer() throws(SocketProblem) -> Descriptor {
    let number = timerfd_create(CLOCK_MONOTONIC, Int32(TFD_NONBLOCK) | Int32(TFD_CLOEXEC))
    guard number >= 0 else {
      throw .system(call: "timerfd_create", path: "the event socket", code: errno)
    }
    return Descriptor(owning: number)
  }

  /// The run that all events carry.
  public var run: RunIdentifier { encoder.run }

  /// What the clocks that stamp events show now.
  public var moment: EventMoment { encoder.clock.moment }

  /// The sequence number of the event published last; 0 before the first.
  var lastSequence: Int { encoder.lastSequence }

  /// Readable when `process` has something to do.
  public var pollDescriptor: Int32 { poll.descriptor }

  /// The shortest interval between interim results, in milliseconds, that any client wants or a new
  /// one would get.
  public var finestInterimMs: Int {
    clients.values.reduce(settings.interimMs) { finest, client in
      client.subscription.wantsInterim ? min(finest, client.subscription.interimMs) : finest
    }
  }

  /// Stores `event` and sends it to all who want it and can take it now; returns its sequence
  /// number.
  ///
  /// `moment` is when it happened; nil for now. It must not precede the event published last, or
  /// `mono_ms` would go backwards.
  @discardableResult
  public func publish(_ event: Event, at moment: EventMoment? = nil) -> Int {
    let traits = pace.traits(of: event)
    history.append(encoder.line(for: event, at: moment), traits) { sequence, traits in
      for client in clients.values where client.loses(sequence, traits) { droppedLines += 1 }
    }
    for client in clients.values where !client.isBlocked { serve(client) }
    return encoder.lastSequence
  }

  /// Forgets what was inferred from the voices of `streams`: it is no longer sent to clients that
  /// are behind, nor replayed.
  public func forgetInferences(of streams: [String]) {
    history.forget { traits in
      guard let stream = traits.stream, streams.contains(stream) else { return false }
      return EventTypes.inferred.contains(traits.type)
    }
  }

  /// Does what there is to do: new clients, commands, sockets that take lines again, heartbeats.
  /// Never blocks.
  public func process() { process(timeoutMs: 0) }

  /// Sends until every client has everything, or for `milliseconds` at most: the last step before
  /// exit.
  public func drain(forMs milliseconds: Int) {
    let deadline = encoder.clock.monotonicMs() + milliseconds
    while clients.values.contains(where: { $0.isBlocked }) {
      let left = deadline - encoder.clock.monotonicMs()
      guard left > 0 else { return }
      process(timeoutMs: Int32(left))
    }
  }

  private func process(timeoutMs: Int32) {
    var departed: [ServedClient] = []
    var comers: [(Int32, SocketKind)] = []
    poll.wait(timeoutMs: timeoutMs) { readiness in
      if readiness.descriptor == socket.descriptor.number {
        comers.append((readiness.descriptor, .events))
      } else if readiness.descriptor == controlNumber {
        comers.append((readiness.descriptor, .control))
      } else if readiness.descriptor == timer.number {
        beat()
      } else if readiness.descriptor == meterTimer.number {
        tellLevels()
      } else if let client = clients[readiness.descriptor] {
        if readiness.isGone { client.isGone = true }
        if readiness.isWritable { client.unblock() }
        if readiness.isReadable { read(client) }
        serve(client)
        if client.isGone { departed.append(client) }
      }
    }
    obey()
    // Only now, so that no descriptor is closed and reused while events of the old one are being
    // handled.
    for client in departed { remove(client) }
    for (socket, kind) in comers { accept(on: socket, kind) }
  }

  /// Sends `client` what it is due, as far as its socket takes it.
  func serve(_ client: ServedClient) {
    var isBehind: Bool
    repeat {
      isBehind = answer(client)
      guard client.sendOutbox() else { break }
      if let missed = client.missed {
        client.missed = nil
        client.post(
          encoder.gap(.slow, dropped: missed.dropped, from: missed.from, to: missed.to))
        guard client.sendOutbox() else { break }
      }
    } while client.sendEvents(history, vectors) || isBehind
    settle(client)
  }

  /// Polls for what `client` needs next.
  private func settle(_ client: ServedClient) {
    let number = client.socket.number
    let interest = (
      reads: !client.hasInputEnded && client.outbox.count < ServedClient.outboxLimit,
      writes: client.isBlocked || client.isGone
    )
    if let current = interests[number], current == interest { return }
    interests[number] = interest
    poll.change(number, reads: interest.reads, writes: interest.writes)
  }
}
