import Glibc
import JSON
import Testing

@testable import EventStream

/// The control socket: what may be said on it, and what is heard there.
@Suite struct ControlTests {
  private let server = try! TestServer()

  /// What the daemon was told to do so far.
  private final class Orders {
    var taken: [(ControlCommand, [String])] = []
  }

  private let orders = Orders()

  private func commander() throws -> TestClient {
    server.server.controller = { [orders] in orders.taken.append(($0, $1)) }
    return try server.client(.control)
  }

  /// What comes back for one line.
  private func answer(_ text: String, to client: TestClient) throws -> [JSONValue] {
    client.send(text + "\n")
    server.run()
    return try client.lines()
  }

  @Test(arguments: [
    (#"{"cmd":"pause"}"#, ControlCommand.pause, ["caller", "agent"]),
    (#"{"cmd":"resume","streams":["agent"]}"#, .resume, ["agent"]),
    (#"{"cmd":"call","phase":"start","streams":["caller"]}"#, .call(.start), ["caller"]),
    (#"{"cmd":"call","phase":"end"}"#, .call(.end), ["caller", "agent"]),
  ])
  func aCommandIsCarriedOutAndAnswered(
    line: String, command: ControlCommand, streams: [String]
  ) throws {
    let lines = try answer(line, to: commander())
    #expect(lines.map(type) == ["ok"])
    #expect(lines.first?["streams"]?.array?.compactMap(\.string) == streams)
    #expect(orders.taken.map(\.0) == [command])
    #expect(orders.taken.first?.1 == streams)
  }

  @Test func commandsAreCarriedOutInOrderAndAnsweredInOrder() throws {
    let client = try commander()
    client.send(
      #"{"cmd":"pause","id":1}"# + "\n" + #"{"cmd":"ping","id":2}"# + "\n"
        + #"{"cmd":"resume","id":3}"# + "\n")
    server.run()
    #expect(try client.lines().compactMap { $0["id"]?.integer } == [1, 2, 3])
    #expect(orders.taken.map(\.0) == [.pause, .resume])
  }

  @Test func aCommanderWhoHangsUpAtOnceIsObeyed() throws {
    var client: TestClient? = try commander()
    client?.send(#"{"cmd":"pause"}"# + "\n")
    client = nil
    server.run()
    #expect(orders.taken.map(\.0) == [.pause])
    #expect(server.server.clientCount == 0)
  }

  @Test func theDaemonMayPublishWhileItObeys() throws {
    let client = try server.client(.control)
    let reader = try server.client()
    let inner = server.server
    server.server.controller = { [unowned inner] _, streams in
      for stream in streams { inner.publish(Event(stream: stream, .device(DeviceChange(.paused)))) }
    }
    #expect(try answer(#"{"cmd":"pause"}"#, to: client).map(type) == ["ok"])
    #expect(try reader.lines().map(type) == ["device", "device"])
  }

  @Test(arguments: ["pause", "resume", "call", "meter"])
  func whoReadsEventsMayNotCommand(command: String) throws {
    server.server.controller = { [orders] in orders.taken.append(($0, $1)) }
    let lines = try answer(#"{"cmd":"\#(command)"}"#, to: server.client())
    #expect(lines.first?["reason"]?.string == "wrong_socket")
    #expect(lines.first?["message"]?.string?.contains("/run/edged/control.sock") == true)
    #expect(orders.taken.isEmpty)
  }

  @Test(arguments: ["subscribe", "replay"])
  func whoCommandsMayNotReadEvents(command: String) throws {
    server.publish(3)
    let lines = try answer(#"{"cmd":"\#(command)","n":3}"#, to: server.client(.control))
    #expect(lines.first?["reason"]?.string == "wrong_socket")
    #expect(lines.first?["message"]?.string?.contains("/run/edged/events.sock") == true)
  }

  @Test func nothingThatWasInferredIsToldThere() throws {
    let client = TestClient(server.controlPath)
    server.run()
    server.server.publish(Event(stream: "caller", .emotion(judgement())))
    server.run()
    let hello = try client.lines()
    #expect(hello.map(type) == ["hello"])
    let status = try answer(#"{"cmd":"status"}"#, to: client)
    for line in hello + status {
      #expect(line["streams"]?.array?.count == 2)
      #expect(line["streams"]?.array?.allSatisfy { $0["sustained"] == nil } == true)
    }
  }

  @Test(arguments: [
    #"{"cmd":"pause","streams":["nobody"]}"#, #"{"cmd":"pause","stream":"caller"}"#,
    #"{"cmd":"call"}"#, #"{"cmd":"call","phase":"middle"}"#, #"{"cmd":"meter","on":1}"#,
    #"{"cmd":"resume","streams":"caller"}"#, #"{"cmd":"meter","streams":["nobody"]}"#,
  ])
  func whatIsNotUnderstoodIsRefused(line: String) throws {
    let lines = try answer(line, to: commander())
    #expect(lines.map { $0["reason"]?.string } == ["bad_argument"])
    #expect(orders.taken.isEmpty)
  }

  @Test func levelsComeTenTimesASecondToThoseWhoAskedAndAsLongAsTheyWant() throws {
    final class State { var isOn = false }
    let state = State()
    server.server.meters = { state.isOn = $0 }
    server.server.readMeters = {
      [
        MeterReading(stream: "caller", levelCentibels: -251, peakCentibels: -93),
        MeterReading(stream: "agent", levelCentibels: nil, peakCentibels: nil),
      ]
    }
    let other = try server.client(.control)
    let client = try server.client(.control)
    #expect(!state.isOn)
    #expect(try answer(#"{"cmd":"meter","streams":["caller"]}"#, to: client).map(type) == ["ok"])
    #expect(state.isOn)
    let start = EventClock.system.monotonicMs()
    var readings: [JSONValue] = []
    while readings.count < 5, EventClock.system.monotonicMs() - start < 5_000 {
      usleep(10_000)
      server.run()
      readings += try client.lines()
    }
    let took = EventClock.system.monotonicMs() - start
    #expect(took >= 400, "five readings in \(took) ms")
    #expect(readings.allSatisfy { type($0) == "meter" && $0["stream"]?.string == "caller" })
    #expect(readings.first?["level_dbfs"]?.number == -25.1)
    #expect(readings.first?["peak_dbfs"]?.number == -9.3)
    #expect(try other.lines().isEmpty)
    #expect(try answer(#"{"cmd":"meter","on":false}"#, to: client).map(type).last == "ok")
    #expect(!state.isOn)
    usleep(150_000)
    server.run()
    #expect(try client.lines().isEmpty)
  }

  @Test func aReaderOfLevelsWhoLeavesSwitchesThemOff() throws {
    final class State { var changes: [Bool] = [] }
    let state = State()
    server.server.meters = { state.changes.append($0) }
    var client: TestClient? = try server.client(.control)
    client?.send(#"{"cmd":"meter"}"# + "\n")
    server.run()
    client = nil
    server.run()
    #expect(state.changes == [true, false])
  }

  @Test func readersOfEventsTakeNoRoomFromCommanders() throws {
    let full = try TestServer { $0.maximumClients = 2 }
    let readers = [try full.client(), try full.client()]
    let refused = TestClient(full.path)
    full.run()
    #expect(try refused.lines().first?["reason"]?.string == "too_many_clients")
    let commander = try full.client(.control)
    #expect(try commander.lines().isEmpty)
    for client in [readers[0], commander] {
      client.send(#"{"cmd":"status"}"# + "\n")
      full.run()
      let status = try client.lines().last
      #expect(status?["refused"] == 1)
      #expect(status?["clients"] == 3)
    }
  }
}
