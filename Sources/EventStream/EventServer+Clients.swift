import CLinux
import Glibc

extension EventServer {
  /// Accepts the clients that wait on `socket`.
  func accept(on socket: Int32, _ kind: SocketKind) {
    for _ in 0..<64 {
      let number = Glibc.accept(socket, nil, nil)
      if number >= 0 {
        _ = fcntl(number, F_SETFL, O_NONBLOCK)
        _ = fcntl(number, F_SETFD, FD_CLOEXEC)
        welcome(number, kind)
      } else if errno == EMFILE || errno == ENFILE || errno == ENOMEM || errno == ENOBUFS {
        setAccepting(false)
        return
      } else if errno != EINTR && errno != ECONNABORTED {
        return
      }
    }
  }

  private func welcome(_ number: Int32, _ kind: SocketKind) {
    var size = Int32(settings.sendBufferBytes)
    setsockopt(number, SOL_SOCKET, SO_SNDBUF, &size, socklen_t(MemoryLayout<Int32>.size))
    var subscription = Subscription(interimMs: settings.interimMs)
    if kind == .control { subscription.types = [] }
    let client = ServedClient(
      owning: number, kind: kind, subscription: subscription, next: history.lastSequence + 1)
    let others = clients.values.count { $0.kind == kind }
    let limit = kind == .control ? EventServer.maximumControlClients : settings.maximumClients
    guard others < limit, poll.add(number) else {
      refusedClients += 1
      client.post(
        encoder.error(
          RequestProblem(
            reason: .tooManyClients,
            message: "\(others) clients are connected already; close some, or try later")))
      _ = client.sendOutbox()
      return
    }
    interests[number] = (reads: true, writes: false)
    clients[number] = client
    if clients.count == 1 { setTimer() }
    client.post(encoder.hello(description(for: client), heartbeatMs: settings.heartbeatMs))
    serve(client)
  }

  /// Removes a client that has left.
  func remove(_ client: ServedClient) {
    let number = client.socket.number
    guard clients[number] === client else { return }
    clients[number] = nil
    interests[number] = nil
    setAccepting(true)
    if clients.isEmpty { setTimer() }
    setMeterTimer()
  }

  /// While descriptors are exhausted, the listening socket stays readable: stop polling it until
  /// one is free or the next heartbeat.
  private func setAccepting(_ accepts: Bool) {
    guard isAccepting != accepts else { return }
    isAccepting = accepts
    poll.change(socket.descriptor.number, reads: accepts, writes: false)
    if controlNumber >= 0 { poll.change(controlNumber, reads: accepts, writes: false) }
    setTimer()
  }

  /// Runs the heartbeat timer while there are clients or accepting is suspended; otherwise the
  /// daemon is not woken.
  private func setTimer() {
    let isNeeded = !clients.isEmpty || !isAccepting
    let milliseconds = isNeeded ? settings.heartbeatMs : 0
    let interval = timespec(
      tv_sec: milliseconds / 1_000, tv_nsec: milliseconds % 1_000 * 1_000_000)
    var setting = itimerspec(it_interval: interval, it_value: interval)
    timerfd_settime(timer.number, 0, &setting, nil)
  }

  /// Tells every client that the daemon is alive.
  func beat() {
    var expirations: UInt64 = 0
    _ = Glibc.read(timer.number, &expirations, MemoryLayout<UInt64>.size)
    setAccepting(true)
    // A client with unread lines needs no heartbeat.
    for client in clients.values where !client.isBlocked && client.outbox.isEmpty {
      client.post(encoder.heartbeat())
      serve(client)
    }
  }
}
