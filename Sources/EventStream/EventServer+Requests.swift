import Glibc

extension EventServer {
  /// Reads what `client` has sent, at most one line's worth, so that a flood keeps nobody else
  /// waiting.
  func read(_ client: ServedClient) {
    withUnsafeTemporaryAllocation(byteCount: LineEncoder.maximumLength, alignment: 1) { bytes in
      let wanted = min(client.input.room, bytes.count)
      let count = recv(client.socket.number, bytes.baseAddress, wanted, 0)
      if count > 0 {
        client.input.append(UnsafeRawBufferPointer(rebasing: bytes[..<count]))
      } else if count == 0 {
        client.hasInputEnded = true
      } else if errno != EAGAIN && errno != EINTR {
        client.isGone = true
      }
    }
  }

  /// Carries out the commands that were read, as long as there is room for the answers; returns
  /// whether more may wait.
  func answer(_ client: ServedClient) -> Bool {
    // Control commands are carried out even if their client has hung up.
    while client.deferred == nil, !client.isGone || client.kind == .control,
      client.outbox.count < ServedClient.outboxLimit
    {
      switch client.input.next() {
      case nil: return false
      case .tooLong:
        client.post(
          encoder.error(
            RequestProblem(
              reason: .lineTooLong,
              message: "the line has more than \(LineEncoder.maximumLength) bytes and was skipped"))
        )
      case .line(let line):
        // An empty line is someone trying the socket by hand.
        if line.allSatisfy({ $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\r") }) { continue }
        do {
          try carryOut(try Request(parsing: line, on: client.kind), for: client)
        } catch {
          client.post(encoder.error(error))
        }
      }
    }
    return client.deferred == nil
  }

  private func carryOut(_ request: Request, for client: ServedClient) throws(RequestProblem) {
    switch request.command {
    case .subscribe(let types, let streams, let wantsInterim, let interimMs):
      client.subscription = Subscription(
        types: types, streams: streams, wantsInterim: wantsInterim,
        interimMs: interimMs ?? settings.interimMs)
      client.post(encoder.subscribed(request, client.subscription))
    case .replayLast(let count): replay(last: count, request, client)
    case .replayAfter(let cursor): try replay(after: cursor, request, client)
    case .ping: client.post(encoder.ok(request))
    case .status(let skip):
      let counts = ServerCounts(
        uptimeMs: encoder.clock.monotonicMs() - startedMs, clients: clients.count,
        firstSequence: history.firstSequence, dropped: droppedLines,
        refused: refusedClients)
      client.post(encoder.status(request, description(for: client), counts, skip: skip))
    case .control(let command, let chosen):
      let streams = try streams(chosen, request)
      client.deferred = Request(id: request.id, command: .control(command, streams: streams))
      deferred.append(client)
    case .meter(let isWanted, let chosen):
      let streams = try streams(chosen, request)
      setMeter(client, isWanted ? streams : nil)
      client.post(encoder.metering(request, isWanted ? streams : []))
    }
  }

  private func replay(last count: Int, _ request: Request, _ client: ServedClient) {
    var position = history.lastSequence + 1
    var found = 0
    while found < count, position > history.firstSequence {
      position -= 1
      if client.subscription.wants(history.traits(position)) { found += 1 }
    }
    client.post(encoder.replaying(request, events: found))
    client.next = position
  }

  private func replay(
    after cursor: Cursor, _ request: Request, _ client: ServedClient
  ) throws(RequestProblem) {
    let isOurs = cursor.run == run
    guard !isOurs || cursor.sequence <= history.lastSequence else {
      throw RequestProblem(
        id: request.id, reason: .cursorAhead,
        message: "the cursor is ahead of the last event, \(history.lastSequence); "
          + "give one that was read from an event")
    }
    let wanted = isOurs ? cursor.sequence + 1 : history.firstSequence
    let start = max(wanted, history.firstSequence)
    var found = 0
    for sequence in start..<history.lastSequence + 1
    where client.subscription.wants(history.traits(sequence)) { found += 1 }
    client.post(encoder.replaying(request, events: found))
    if !isOurs {
      client.post(encoder.gap(.restart))
    } else if start > wanted {
      client.post(
        encoder.gap(.expired, dropped: start - wanted, from: wanted, to: start - 1))
    }
    client.next = start
    client.missed = nil
  }
}
