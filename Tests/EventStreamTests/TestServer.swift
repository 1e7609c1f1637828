import Glibc
import JSON
import TestSupport
import Testing

@testable import EventStream

/// A server in this thread, driven by hand.
final class TestServer {
  let folder = TemporaryFolder()
  let server: EventServer
  var path: String { folder.path("events.sock") }
  var controlPath: String { folder.path("control.sock") }

  init(clock: EventClock = .system, _ change: (inout EventServer.Settings) -> Void = { _ in })
    throws
  {
    var settings = EventServer.Settings()
    change(&settings)
    server = try EventServer(
      ListeningSocket(path: folder.path("events.sock")),
      control: ListeningSocket(path: folder.path("control.sock")), run: sampleRun,
      description: sampleDescription, settings: settings, clock: clock)
  }

  /// Lets the server do all there is to do now.
  func run() {
    var state = pollfd(fd: server.pollDescriptor, events: Int16(POLLIN), revents: 0)
    var rounds = 0
    while poll(&state, 1, 0) > 0 {
      server.process()
      rounds += 1
      #expect(rounds < 100_000, "the server is never done")
      if rounds == 100_000 { return }
    }
  }

  /// A client that has been let in and has read its hello.
  func client(_ kind: SocketKind = .events) throws -> TestClient {
    let client = TestClient(kind == .events ? path : controlPath)
    run()
    let hello = try client.lines()
    #expect(hello.map(type) == ["hello"])
    return client
  }

  /// Publishes `count` events of `length` or so bytes.
  func publish(_ count: Int, length: Int = 300) {
    let message = String(repeating: "x", count: max(1, length - 200))
    for _ in 0..<count {
      server.publish(Event(stream: "caller", .device(DeviceChange(.lost, message: message))))
    }
  }
}
