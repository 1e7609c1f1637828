import Glibc
import JSON
import Testing

@testable import EventStream

@Suite struct EventServerTests {
  @Test func greetsWithHelloThenSaysWhatHappens() throws {
    let server = try TestServer { $0.heartbeatMs = 2_500 }
    let client = TestClient(server.path)
    server.run()
    server.publish(3)
    let lines = try client.lines()
    #expect(lines.map(type) == ["hello", "device", "device", "device"])
    #expect(lines.compactMap(sequence) == [1, 2, 3])
    #expect(lines[0]["last_seq"] == .integer(0))
    #expect(lines[0]["heartbeat_ms"] == .integer(2_500))
    #expect(lines[0]["streams"]?.array?.count == 2)
    #expect(lines[0]["run"]?.string == sampleRun.description)
  }

  @Test func aClientThatComesLaterHearsOnlyWhatComesLater() throws {
    let server = try TestServer()
    server.publish(5)
    let client = TestClient(server.path)
    server.run()
    server.publish(1)
    let lines = try client.lines()
    #expect(lines[0]["last_seq"] == .integer(5))
    #expect(lines.compactMap(sequence) == [6])
  }

  @Test func replayAndLiveJoinWithoutHoleOrRepetition() throws {
    let server = try TestServer()
    server.publish(50)
    let client = try server.client()
    server.publish(2)
    client.send("{\"cmd\":\"replay\",\"n\":10,\"id\":1}\n")
    server.publish(3)
    server.run()
    server.publish(4)
    let lines = try client.lines()
    let answer = try #require(lines.firstIndex { type($0) == "ok" })
    #expect(lines[answer]["events"] == .integer(10))
    #expect(lines[answer]["id"] == .integer(1))
    #expect(lines[(answer + 1)...].compactMap(sequence) == Array(46...59))
  }

  @Test func replayAfterACursorGoesOnBehindIt() throws {
    let server = try TestServer()
    server.publish(20)
    let client = try server.client()
    client.send("{\"cmd\":\"replay\",\"after\":\"\(sampleRun):15\"}\n")
    server.run()
    #expect(try client.lines().compactMap(sequence) == Array(16...20))
    client.send("{\"cmd\":\"replay\",\"after\":\"\(sampleRun):20\"}\n")
    server.run()
    #expect(try client.lines().map(type) == ["ok"])
  }

  @Test func aCursorOfAnotherRunGetsARestartGapAndAllThatIsHeld() throws {
    let server = try TestServer()
    server.publish(7)
    let client = try server.client()
    client.send("{\"cmd\":\"replay\",\"after\":\"\(RunIdentifier.random()):3\"}\n")
    server.run()
    let lines = try client.lines()
    #expect(lines.prefix(2).map(type) == ["ok", "gap"])
    #expect(lines[1]["reason"] == "restart")
    #expect(lines.compactMap(sequence) == Array(1...7))
  }

  @Test func anExpiredCursorIsToldHowMuchIsGone() throws {
    let server = try TestServer { $0.historyBytes = 16_384 }
    server.publish(500)
    let first = server.server.history.firstSequence
    let client = try server.client()
    client.send("{\"cmd\":\"replay\",\"after\":\"\(sampleRun):10\"}\n")
    server.run()
    let lines = try client.lines()
    let gap = try #require(lines.first { type($0) == "gap" })
    #expect(gap["reason"] == "expired")
    #expect(gap["from"] == .integer(11))
    #expect(gap["to"] == .integer(first - 1))
    #expect(gap["dropped"] == .integer(first - 11))
    #expect(lines.compactMap(sequence) == Array(first...500))
  }

  @Test func aCursorAheadOfTheLastEventIsAnError() throws {
    let server = try TestServer()
    server.publish(3)
    let client = try server.client()
    client.send("{\"cmd\":\"replay\",\"after\":\"\(sampleRun):4\"}\n")
    server.run()
    #expect(try client.lines().first?["reason"] == "cursor_ahead")
  }

  @Test func aSubscriptionFiltersLiveAndReplayedEventsAlike() throws {
    let server = try TestServer()
    let client = try server.client()
    client.send("{\"cmd\":\"subscribe\",\"types\":[\"xrun\"],\"streams\":[\"caller\"]}\n")
    server.run()
    #expect(try client.lines().first?["types"] == ["xrun"])
    func publishThree() {
      server.server.publish(Event(stream: "caller", .xrun(Xrun(lostMs: 1))))
      server.server.publish(Event(stream: "agent", .xrun(Xrun(lostMs: 1))))
      server.publish(1)
    }
    for _ in 0..<5 { publishThree() }
    #expect(try client.lines().compactMap(sequence) == [1, 4, 7, 10, 13])
    client.send("{\"cmd\":\"replay\",\"n\":2}\n")
    server.run()
    #expect(try client.lines().compactMap(sequence) == [10, 13])
  }

  @Test func whatWasInferredOfAStreamIsForgottenAndNothingElse() throws {
    let server = try TestServer()
    let early = try server.client()
    for event in everyEvent { server.server.publish(event) }
    for event in everyEvent {
      server.server.publish(Event(stream: event.stream.map { "\($0)-2" }, event.content))
    }
    let all = try early.lines()
    let mine = all.filter {
      $0["stream"] == "caller" && ["emotion", "state", "alert"].contains(type($0))
    }
    #expect(Set(mine.map(type)) == ["emotion", "state", "alert"])
    server.server.forgetInferences(of: ["caller"])
    let late = try server.client()
    late.send("{\"cmd\":\"replay\",\"n\":1000}\n")
    server.run()
    let replayed = try late.lines()
    let left = all.compactMap(sequence).filter { !mine.compactMap(sequence).contains($0) }
    #expect(replayed.compactMap(sequence) == left)
    #expect(replayed.first { type($0) == "ok" }?["events"] == .integer(left.count))
    let overwritten = mine.compactMap(sequence).allSatisfy { number in
      server.server.history.line(number).allSatisfy { $0 == 0 }
    }
    #expect(overwritten)
    server.publish(1)
    #expect(try early.lines().compactMap(sequence) == [all.count + 1])
  }

  @Test func theFinestCadenceAskedForIsKnownToTheDaemon() throws {
    let server = try TestServer()
    #expect(server.server.finestInterimMs == 500)
    var fast: TestClient? = try server.client()
    let slow = try server.client()
    fast?.send("{\"cmd\":\"subscribe\",\"interim_ms\":100}\n")
    slow.send("{\"cmd\":\"subscribe\",\"interim_ms\":5000}\n")
    server.run()
    #expect(server.server.finestInterimMs == 100)
    fast = nil
    server.run()
    #expect(server.server.finestInterimMs == 500)
  }

  @Test func pingAndStatusAreAnswered() throws {
    let server = try TestServer()
    server.publish(4)
    let client = try server.client()
    client.send("{\"cmd\":\"ping\",\"id\":\"p\"}\n{\"cmd\":\"status\",\"id\":2}\n")
    server.run()
    let lines = try client.lines()
    #expect(lines.map(type) == ["ok", "ok"])
    #expect(lines[0]["id"] == "p")
    #expect(lines[1]["clients"] == .integer(1))
    #expect(lines[1]["last_seq"] == .integer(4))
    #expect(lines[1]["first_seq"] == .integer(1))
    #expect(lines[1]["model"]?["name"]?.string == sampleDescription.model?.name)
  }

  @Test func theHeartBeatsWhileNothingHappens() throws {
    let server = try TestServer { $0.heartbeatMs = 20 }
    let client = try server.client()
    usleep(70_000)
    server.run()
    usleep(70_000)
    server.run()
    let lines = try client.lines()
    #expect(lines.count >= 2)
    #expect(lines.allSatisfy { type($0) == "heartbeat" && $0["last_seq"] == .integer(0) })
  }

  @Test func withoutClientsTheDaemonIsNotWoken() throws {
    let server = try TestServer { $0.heartbeatMs = 10 }
    var state = pollfd(fd: server.server.pollDescriptor, events: Int16(POLLIN), revents: 0)
    #expect(poll(&state, 1, 60) == 0)
    var client: TestClient? = try server.client()
    #expect(poll(&state, 1, 1_000) == 1)
    client = nil
    _ = client
    server.run()
    server.run()
    #expect(poll(&state, 1, 60) == 0)
  }

  @Test func aClientThatWillSayNoMoreStillHears() throws {
    let server = try TestServer()
    let client = try server.client()
    client.send("{\"cmd\":\"ping\"}\n")
    shutdown(client.number, Int32(SHUT_WR))
    server.run()
    server.publish(2)
    #expect(try client.lines().map(type) == ["ok", "device", "device"])
    #expect(server.server.clientCount == 1)
  }

  @Test func afterTheLastClientAllowedTheNextIsTurnedAwayWithAReason() throws {
    let server = try TestServer { $0.maximumClients = 2 }
    let (first, second) = (try server.client(), try server.client())
    let third = TestClient(server.path)
    server.run()
    #expect(try third.lines().map { $0["reason"] } == ["too_many_clients"])
    #expect(third.isClosed)
    #expect(server.server.clientCount == 2)
    server.publish(1)
    #expect(try first.lines().count == 1)
    #expect(try second.lines().count == 1)
  }

  @Test func drainingWaitsForClientsThatReadAndNotForThoseThatDoNot() throws {
    let server = try TestServer()
    let client = try server.client()
    server.publish(500)
    let start = EventClock.system.monotonicMs()
    server.server.drain(forMs: 100)
    let took = EventClock.system.monotonicMs() - start
    #expect((100..<1_000).contains(took), "took \(took) ms")
    let everything = try client.lines().count
    #expect(everything < 500)
  }
}
