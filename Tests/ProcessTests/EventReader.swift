import Foundation
import JSON
import TestSupport
import Testing

/// A client of the daemon's socket that reads line by line, never longer than it is told to.
final class EventReader {
  let descriptor: Int32
  private var received: [UInt8] = []

  init(_ path: String) throws {
    descriptor = try #require(
      UnixSocket.connected(to: path),
      "nobody serves on \(path): \(String(cString: strerror(errno)))")
  }

  deinit { close(descriptor) }

  /// Sends text as it is.
  func send(_ text: String) {
    let bytes = Array(text.utf8)
    _ = Foundation.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
  }

  /// The next line, or nil when none came in time or the daemon has closed the connection.
  func next(within seconds: Double = 10) throws -> JSONValue? {
    let deadline = Date(timeIntervalSinceNow: seconds)
    while true {
      if let end = received.firstIndex(of: UInt8(ascii: "\n")) {
        let line = Array(received[..<end])
        received.removeFirst(end + 1)
        return try JSONValue(parsing: line)
      }
      let left = deadline.timeIntervalSinceNow
      guard left > 0 else { return nil }
      var state = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      guard poll(&state, 1, Int32(left * 1000) + 1) > 0 else { return nil }
      var buffer = [UInt8](repeating: 0, count: 65_536)
      let count = recv(descriptor, &buffer, buffer.count, 0)
      guard count > 0 else { return nil }
      received += buffer[..<count]
    }
  }

  /// Reads up to the first line that `matches`; what was read, that line last. Fails when it does
  /// not come in time.
  @discardableResult
  func read(
    until what: String, within seconds: Double = 10, _ matches: (JSONValue) -> Bool
  ) throws -> [JSONValue] {
    var lines: [JSONValue] = []
    let deadline = Date(timeIntervalSinceNow: seconds)
    while let line = try next(within: deadline.timeIntervalSinceNow) {
      lines.append(line)
      if matches(line) { return lines }
    }
    Issue.record("\(what) did not come within \(seconds) s; the last lines were \(lines.suffix(5))")
    return lines
  }

  /// Reads up to the first line of a type.
  @discardableResult
  func read(until type: String, within seconds: Double = 10) throws -> [JSONValue] {
    try read(until: type, within: seconds) { $0.type == type }
  }

  /// Reads until the daemon closes the connection.
  func readToEnd(within seconds: Double = 10) throws -> [JSONValue] {
    var lines: [JSONValue] = []
    while let line = try next(within: seconds) { lines.append(line) }
    return lines
  }
}

extension JSONValue {
  /// The type of an event or connection line.
  var type: String { self["type"]?.string ?? "" }

  /// Of what is said of speech, by how many milliseconds the stream's time lags behind the clock.
  var lagMs: Int? {
    guard type == "emotion", let now = self["mono_ms"]?.integer,
      let latency = self["latency_ms"]?.integer, let end = self["end_ms"]?.integer
    else { return nil }
    return now - latency - end
  }

  /// Whether it is an event about a device in this state.
  func isDevice(_ state: String) -> Bool { type == "device" && self["state"]?.string == state }

  /// Whether it is an event about a configuration with which this was done.
  func isConfiguration(_ state: String) -> Bool {
    type == "config" && self["state"]?.string == state
  }
}
