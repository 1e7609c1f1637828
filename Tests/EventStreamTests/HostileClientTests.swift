import Glibc
import JSON
import TestSupport
import Testing

@testable import EventStream

/// Clients that do what clients do: stall, leave in the middle, send rubbish, come by the hundred.
@Suite struct HostileClientTests {
  @Test func aSlowReaderLosesItsOldestLinesAndIsToldExactlyWhich() throws {
    let server = try TestServer { $0.historyBytes = 32_768 }
    let client = try server.client()
    server.publish(2_000)
    let lost = server.server.droppedLines
    #expect(lost > 0, "also of one who hangs, and is never told")
    var lines: [JSONValue] = []
    for _ in 0..<200 {
      lines += try client.lines()
      server.run()
    }
    #expect(client.unfinished == 0, "a line begun is always finished")
    let gap = try #require(lines.first { type($0) == "gap" })
    #expect(lines.filter { type($0) == "gap" }.count == 1)
    #expect(gap["reason"] == "slow")
    let before = lines.prefix { type($0) != "gap" }.compactMap(sequence)
    let after = lines.drop { type($0) != "gap" }.compactMap(sequence)
    #expect(before == Array(1...before.count))
    #expect(gap["from"] == .integer(before.count + 1))
    #expect(gap["to"]?.integer == after[0] - 1)
    #expect(gap["dropped"]?.integer == after[0] - 1 - before.count)
    #expect(after == Array(after[0]...2_000))
    #expect(lost == after[0] - 1 - before.count)
    #expect(server.server.droppedLines == lost)
  }

  @Test func whatWasFilteredOutIsNotCountedAsLost() throws {
    let server = try TestServer { $0.historyBytes = 32_768 }
    let client = try server.client()
    client.send("{\"cmd\":\"subscribe\",\"types\":[\"device\"]}\n")
    server.run()
    for _ in 0..<2_000 {
      server.publish(1)
      server.server.publish(Event(stream: "caller", .xrun(Xrun(lostMs: 1))))
    }
    var lines: [JSONValue] = []
    for _ in 0..<200 {
      lines += try client.lines()
      server.run()
    }
    let dropped = try #require(lines.first { type($0) == "gap" }?["dropped"]?.integer)
    let heard = lines.compactMap(sequence)
    #expect(heard.allSatisfy { $0 % 2 == 1 })
    #expect(heard.count + dropped == 2_000)
  }

  @Test func lineLengthsOfEverySizeSurviveReadersOfEverySpeed() throws {
    for seed in 0..<12 {
      var generator = SplitMix(seed: UInt64(seed))
      let server = try TestServer {
        $0.historyBytes = 65_536
        $0.sendBufferBytes = 4_608
      }
      let client = try server.client()
      var lines: [JSONValue] = []
      for _ in 0..<800 {
        server.publish(
          Int.random(in: 0...4, using: &generator),
          length: Int.random(in: 1...1_200, using: &generator))
        client.read(Int.random(in: 0...3_000, using: &generator))
        server.run()
        lines += seed % 2 == 0 ? [] : try client.lines()
      }
      for _ in 0..<100 {
        lines += try client.lines()
        server.run()
      }
      #expect(client.unfinished == 0)
      // Every event was either heard, in order, or is within a gap.
      var expected = 1
      for line in lines {
        if let sequence = sequence(line) {
          #expect(sequence == expected)
          expected = sequence + 1
        } else if type(line) == "gap" {
          #expect(line["from"] == .integer(expected))
          expected = (line["to"]?.integer ?? 0) + 1
          #expect(line["dropped"]?.integer == expected - line["from"]!.integer!)
        }
      }
      #expect(expected == server.server.lastSequence + 1)
    }
  }

  @Test func aStalledClientDelaysNobody() throws {
    let server = try TestServer()
    let stalled = try (0..<20).map { _ in try server.client() }
    let reader = try server.client()
    var heard = 0
    for count in 1...3_000 {
      server.publish(1)
      let lines = try reader.lines()
      heard += lines.count
      #expect(heard == count, "the line is there as soon as publish returns")
    }
    #expect(server.server.clientCount == 21)
    withExtendedLifetime(stalled) {}
  }

  @Test func aClientThatLeavesInTheMiddleOfALineIsForgotten() throws {
    let server = try TestServer { $0.sendBufferBytes = 4_608 }
    let reader = try server.client()
    for _ in 0..<10 {
      var leaver: TestClient? = try server.client()
      server.publish(100, length: 900)
      leaver?.read(1_000)
      server.run()
      leaver?.send("{\"cmd\":\"pi")
      leaver = nil
      server.publish(5)
      server.run()
      #expect(server.server.clientCount == 1)
      _ = try reader.lines()
      server.run()
    }
    // What waits for this slow reader comes a socket buffer at a time.
    var last: Int?
    repeat {
      last = try reader.lines().last.flatMap(sequence) ?? last
      server.run()
    } while last != server.server.lastSequence && !reader.isClosed
    #expect(last == server.server.lastSequence)
  }

  @Test func garbageIsAnsweredAndNeverDisconnected() throws {
    let server = try TestServer()
    let client = try server.client()
    for garbage in [
      "hello\n", "\u{0}\u{1}\n", "{\"cmd\":\n", "GET / HTTP/1.1\r\n", "[1,2]\n",
      "{\"cmd\":\"nosuch\",\"id\":\"7\"}\n",
    ] {
      client.send(garbage)
      server.run()
      let lines = try client.lines()
      #expect(lines.map(type) == ["error"], "after \(garbage)")
      #expect(lines.first?["message"]?.string?.isEmpty == false)
    }
    client.send("\n\r\n  \n")
    server.run()
    #expect(try client.lines().isEmpty, "an empty line is no command")
    client.send("{\"cmd\":\"ping\"}\r\n")
    server.run()
    #expect(try client.lines().map(type) == ["ok"])
  }

  @Test func anEndlessLineIsRefusedOnceAndTheNextCommandWorks() throws {
    let server = try TestServer()
    let client = try server.client()
    for _ in 0..<300 {
      client.send(String(repeating: "x", count: 1_000))
      server.run()
    }
    client.send("\n{\"cmd\":\"ping\"}\n")
    server.run()
    let lines = try client.lines()
    #expect(lines.map(type) == ["error", "ok"])
    #expect(lines[0]["reason"] == "line_too_long")
  }

  @Test func aFloodOfCommandsWithoutReadingIsHeldBackNotHoarded() throws {
    let server = try TestServer()
    let flooder = try server.client()
    let reader = try server.client()
    var sent = 0
    for _ in 0..<3_000 {
      let flood = Array(String(repeating: "x\n", count: 500).utf8)
      let count = send(flooder.number, flood, flood.count, Int32(MSG_NOSIGNAL))
      sent += max(0, count)
      server.run()
    }
    #expect(sent < 1_000_000, "the socket takes no more when nobody reads the answers")
    server.publish(1)
    #expect(try reader.lines().count == 1)
    // Once it reads, every line gets its answer.
    var answers = 0
    for _ in 0..<100_000 {
      let lines = try flooder.lines()
      server.run()
      answers += lines.count { type($0) == "error" }
      if lines.isEmpty, answers >= sent / 2 { break }
    }
    #expect(answers == sent / 2)
  }

  @Test func aThousandClientsHearTheSameThing() throws {
    var limit = rlimit()
    getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    let wanted = 1_000
    limit.rlim_cur = min(limit.rlim_max, 4_096)
    setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    try #require(limit.rlim_cur >= UInt(2 * wanted + 100))
    let server = try TestServer()
    var clients: [TestClient] = []
    for _ in 0..<wanted {
      clients.append(TestClient(server.path))
      server.run()
    }
    #expect(server.server.clientCount == wanted)
    server.publish(5)
    for client in clients {
      #expect(try client.lines().compactMap(sequence) == [1, 2, 3, 4, 5])
    }
    clients.removeAll()
    server.run()
    #expect(server.server.clientCount == 0)
  }

  @Test func whenDescriptorsRunOutTheServerStaysCalmAndRecovers() async {
    // In a process of its own: other tests need descriptors at the same time.
    await #expect(processExitsWith: .success) {
      let server = try TestServer { $0.heartbeatMs = 50 }
      let client = try server.client()
      // Connections wait in the backlog while this process has no descriptor to accept them with.
      let waiting = (0..<3).map { _ in TestClient(server.path) }
      var limit = rlimit()
      getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
      var none = limit
      none.rlim_cur = 3
      setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &none)
      server.run()
      setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
      #expect(server.server.clientCount == 1)
      server.publish(1)
      #expect(try client.lines().contains { type($0) == "device" })
      usleep(120_000)
      server.run()
      server.run()
      #expect(server.server.clientCount == 4)
      client.send("{\"cmd\":\"status\"}\n")
      server.run()
      let status = try client.lines().last { type($0) == "ok" }
      #expect(status?["refused"] == 0, "they waited, and were let in")
      withExtendedLifetime(waiting) {}
    }
  }
}
