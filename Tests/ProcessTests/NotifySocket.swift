import Foundation
import TestSupport
import Testing

/// What systemd would listen to: the socket that NOTIFY_SOCKET names.
final class NotifySocket {
  private let folder = TemporaryFolder()
  private let descriptor: Int32

  /// What a daemon needs to find it.
  var environment: [String: String] { ["NOTIFY_SOCKET": folder.path("notify")] }

  init() throws {
    let path = folder.path("notify")
    descriptor = try #require(UnixSocket.bound(to: path, type: Int32(SOCK_DGRAM.rawValue)))
  }

  deinit { close(descriptor) }

  /// Waits for a message that has the line `wanted`; whether it came.
  func hears(_ wanted: String, within seconds: Double) -> Bool {
    let deadline = Date(timeIntervalSinceNow: seconds)
    var buffer = [UInt8](repeating: 0, count: 4096)
    while deadline.timeIntervalSinceNow > 0 {
      var ready = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      guard poll(&ready, 1, Int32(deadline.timeIntervalSinceNow * 1000) + 1) > 0 else { continue }
      let count = recv(descriptor, &buffer, buffer.count, 0)
      let message = String(decoding: buffer.prefix(max(0, count)), as: UTF8.self)
      if message.split(separator: "\n").contains(Substring(wanted)) { return true }
    }
    return false
  }
}
