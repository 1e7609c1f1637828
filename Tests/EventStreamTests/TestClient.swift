import Glibc
import JSON
import TestSupport
import Testing

@testable import EventStream

/// A client as simple as can be: a socket, and the lines that were read from it.
final class TestClient {
  let number: Int32
  private var received: [UInt8] = []

  init(_ path: String) {
    let connected = UnixSocket.connected(
      to: path, type: Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue))
    #expect(connected != nil, "connecting to \(path)")
    number = connected ?? -1
  }

  /// Ends the connection whoever else still holds the descriptor: a process that another test is
  /// starting has a copy of it between fork and exec.
  deinit {
    shutdown(number, Int32(SHUT_RDWR))
    close(number)
  }

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

func type(_ line: JSONValue) -> String { line["type"]?.string ?? "none" }
func sequence(_ line: JSONValue) -> Int? { line["seq"]?.integer }
