import EventStream
import Foundation
import SoundDevices
import Testing

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

/// A program that runs while the test goes on; killed at the latest when this object goes away.
final class RunningProgram {
  private let folder = try! TemporaryFolder()
  private let process = Process()

  init(_ executable: URL, _ arguments: [String], environment: [String: String] = [:]) throws {
    for name in ["out", "err"] {
      try Data().write(to: folder.url.appending(path: name))
    }
    process.executableURL = executable
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = try FileHandle(forWritingTo: folder.url.appending(path: "out"))
    process.standardError = try FileHandle(forWritingTo: folder.url.appending(path: "err"))
    try process.run()
  }

  deinit {
    if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    process.waitUntilExit()
  }

  var output: String { text("out") }
  var error: String { text("err") }
  var lines: [String] { output.split(separator: "\n").map(String.init) }

  private func text(_ name: String) -> String {
    (try? String(contentsOf: folder.url.appending(path: name), encoding: .utf8)) ?? ""
  }

  func send(_ signal: Int32) { kill(process.processIdentifier, signal) }

  /// Waits until its output has so many lines.
  func wait(forLines count: Int) {
    for _ in 0..<2_000 where lines.count < count { usleep(5_000) }
    #expect(lines.count >= count, "lines written: \(output)\(error)")
  }

  /// Waits until it says something beside its output.
  func wait(forError text: String) {
    for _ in 0..<2_000 where !error.contains(text) { usleep(5_000) }
    #expect(error.contains(text), "\(error)")
  }

  /// Waits for its end; fails when that takes more than `seconds`.
  func status(within seconds: Double = 15) -> Int32 {
    let deadline = Date(timeIntervalSinceNow: seconds)
    while process.isRunning, Date() < deadline { usleep(5_000) }
    guard !process.isRunning else {
      Issue.record("it does not end: \(output)\(error)")
      return -1
    }
    return process.terminationStatus
  }
}
