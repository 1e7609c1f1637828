import Glibc
import JSON
import Testing

@testable import EventStream

/// A folder of its own for a test's sockets, removed with all that is in it.
final class TemporaryFolder {
  let path: String

  init() {
    var template = Array("/tmp/edged-test-XXXXXX".utf8CString)
    path = String(cString: mkdtemp(&template))
  }

  deinit {
    guard let folder = opendir(path) else { return }
    while let entry = readdir(folder) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) {
        String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != "." && name != ".." { unlink("\(path)/\(name)") }
    }
    closedir(folder)
    rmdir(path)
  }
}

/// A client as simple as can be: a socket, and the lines that were read from it.
final class TestClient {
  let number: Int32
  private var received: [UInt8] = []

  init(_ path: String) {
    number = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue), 0)
    let result = UnixAddress(path: path)!.withPointer { connect(number, $0, $1) }
    #expect(result == 0, "connecting to \(path)")
  }

  deinit { close(number) }

  /// Sends `text` as it is.
  func send(_ text: String) {
    let bytes = Array(text.utf8)
    let sent = Glibc.send(number, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    #expect(sent == bytes.count)
  }

  /// Reads at most `limit` bytes of what has come.
  func read(_ limit: Int = .max) {
    var buffer = [UInt8](repeating: 0, count: min(limit, 65_536))
    var left = limit
    while left > 0 {
      let count = recv(number, &buffer, min(buffer.count, left), 0)
      guard count > 0 else { return }
      received += buffer.prefix(count)
      left -= count
    }
  }

  /// Whether the server has closed this connection.
  var isClosed: Bool {
    var byte: UInt8 = 0
    return recv(number, &byte, 1, Int32(MSG_PEEK)) == 0
  }

  /// Takes all whole lines that have come, checked to be lines of the format.
  func lines() throws -> [JSONValue] {
    read()
    var lines: [JSONValue] = []
    while let end = received.firstIndex(of: UInt8(ascii: "\n")) {
      #expect(end < LineEncoder.maximumLength)
      lines.append(try JSONValue(parsing: Array(received[..<end])))
      received.removeFirst(end + 1)
    }
    return lines
  }

  /// What has come of a line that is not complete.
  var unfinished: Int { received.count }
}

/// A server in this thread, driven by hand.
final class TestServer {
  let folder = TemporaryFolder()
  let server: EventServer
  var path: String { folder.path + "/events.sock" }
  var controlPath: String { folder.path + "/control.sock" }

  init(clock: EventClock = .system, _ change: (inout EventServer.Settings) -> Void = { _ in })
    throws
  {
    var settings = EventServer.Settings()
    change(&settings)
    server = try EventServer(
      ListeningSocket(path: folder.path + "/events.sock"),
      control: ListeningSocket(path: folder.path + "/control.sock"), run: sampleRun,
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

func type(_ line: JSONValue) -> String { line["type"]?.string ?? "none" }
func sequence(_ line: JSONValue) -> Int? { line["seq"]?.integer }
