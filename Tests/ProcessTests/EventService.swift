import Foundation
import SoundDevices
import Testing

@testable import EventStream

/// A daemon without ears: the real event server, served by a thread, that publishes what a test
/// tells it to.
final class EventService: @unchecked Sendable {
  private let lock = NSLock()
  private let ended = DispatchSemaphore(value: 0)
  private var pending: [Event] = []
  private var clients = 0
  private var isEnding = false

  /// Serves on `path` until `end`; has published the events `held` before anyone is let in.
  init(
    path: String, run: RunIdentifier, holding held: [Event] = [],
    settings: EventServer.Settings = EventServer.Settings(), state: DeviceState = .running
  ) throws {
    let stream = StreamSummary(
      name: "caller", role: .caller, device: "auto", rateHz: 48_000, state: state,
      infersEmotion: true)
    let description = ServerDescription(
      version: "0.1.0",
      model: ModelSummary(id: "9f86d081884c7d65", name: "trial", labels: [.neutral, .angry]),
      streams: [stream])
    let ready = DispatchSemaphore(value: 0)
    Thread.detachNewThread { [self] in
      let serveAll = {
        let server = try! EventServer(
          ListeningSocket(path: path), run: run, description: description, settings: settings)
        for event in held { server.publish(event) }
        ready.signal()
        self.serve(server)
      }
      // The server is gone with that function, and its socket with it, before the end is told.
      serveAll()
      ended.signal()
    }
    ready.wait()
  }

  private func serve(_ server: EventServer) {
    while true {
      var state = pollfd(fd: server.pollDescriptor, events: Int16(POLLIN), revents: 0)
      poll(&state, 1, 5)
      server.process()
      let (events, isLast) = lock.withLock {
        defer { pending = [] }
        clients = server.clientCount
        return (pending, isEnding)
      }
      for event in events { server.publish(event) }
      if isLast { return server.drain(forMs: 1_000) }
    }
  }

  /// Publishes events, soon.
  func publish(_ events: [Event]) { lock.withLock { pending += events } }

  /// Losses of sound, of as many milliseconds as the numbers say.
  static func losses(_ numbers: ClosedRange<Int>) -> [Event] {
    numbers.map { Event(stream: "caller", .xrun(Xrun(lostMs: $0))) }
  }

  /// Waits until so many clients are connected.
  func wait(forClients count: Int) {
    for _ in 0..<2_000 where lock.withLock({ clients != count }) { usleep(5_000) }
    #expect(lock.withLock { clients } == count, "clients that are connected")
  }

  /// Sends what is left, closes all connections and takes the socket away.
  func end() {
    lock.withLock { isEnding = true }
    ended.wait()
  }
}
