import Foundation
import Testing

/// Who listens on a socket and goes away as soon as the first client has asked something.
final class LeavingDaemon {
  private let listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)

  /// Listens at `path`.
  init(path: String) {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    let bound = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(listener, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    #expect(bound == 0 && listen(listener, 1) == 0)
    Thread.detachNewThread { [listener] in
      let client = accept(listener, nil, nil)
      var question = [UInt8](repeating: 0, count: 4096)
      recv(client, &question, question.count, 0)
      close(client)
    }
  }

  deinit { close(listener) }
}
