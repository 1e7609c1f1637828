import CLinux
import Glibc

/// The control socket's side of the server.
extension EventServer {
  /// The interval at which levels are sent to a client that asked for them, in milliseconds.
  static let meterMs = 100
  /// How many clients the control socket takes, however many are on the other.
  static let maximumControlClients = 16

  /// Carries out the commands from clients of the control socket.
  ///
  /// Done here, between two polls of the sockets, because the daemon publishes events meanwhile.
  func obey() {
    while !deferred.isEmpty {
      let client = deferred.removeFirst()
      guard let request = client.deferred else { continue }
      client.deferred = nil
      if case .control(let command, let streams?) = request.command {
        controller?(command, streams)
        client.post(encoder.obeyed(request, command, streams))
      }
      serve(client)
    }
  }

  /// The streams that `chosen` means: all when nil. Refuses unknown names.
  func streams(
    _ chosen: [String]?, _ request: Request
  ) throws(RequestProblem) -> [String] {
    let known = description.streams.map(\.name)
    guard let chosen else { return known }
    if let unknown = chosen.first(where: { !known.contains($0) }) {
      throw RequestProblem(
        id: request.id, reason: .badArgument,
        message: "there is no stream “\(unknown.fitting(64))”; there are "
          + known.joined(separator: ", ").fitting(512))
    }
    return chosen
  }

  /// Starts or stops sending levels to `client`.
  func setMeter(_ client: ServedClient, _ streams: [String]?) {
    client.metered = streams
    setMeterTimer()
  }

  /// Runs the meter timer while any client wants levels.
  func setMeterTimer() {
    let isNeeded = clients.values.contains { $0.metered != nil }
    guard isNeeded != isMetering else { return }
    isMetering = isNeeded
    let interval = timespec(tv_sec: 0, tv_nsec: isNeeded ? Self.meterMs * 1_000_000 : 0)
    var setting = itimerspec(it_interval: interval, it_value: interval)
    timerfd_settime(meterTimer.number, 0, &setting, nil)
    meters?(isNeeded)
  }

  /// Sends levels to every client that asked. One with unread lines skips this reading.
  func tellLevels() {
    var expirations: UInt64 = 0
    _ = Glibc.read(meterTimer.number, &expirations, MemoryLayout<UInt64>.size)
    let readings = readMeters?() ?? []
    for client in clients.values where !client.isBlocked && client.outbox.isEmpty {
      guard let streams = client.metered else { continue }
      for reading in readings where streams.contains(reading.stream) {
        client.post(encoder.meter(reading))
      }
      serve(client)
    }
  }

  /// What a client is told of the daemon: on the control socket, nothing that was inferred from a
  /// voice.
  func description(for client: ServedClient) -> ServerDescription {
    guard client.kind == .control else { return description }
    var description = description
    for index in description.streams.indices { description.streams[index].sustained = nil }
    return description
  }
}
