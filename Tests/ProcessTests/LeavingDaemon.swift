import Foundation
import TestSupport
import Testing

/// Who listens on a socket and goes away as soon as the first client has asked something.
final class LeavingDaemon {
  private let listener: Int32

  /// Listens at `path`.
  init(path: String) throws {
    listener = try #require(UnixSocket.bound(to: path))
    #expect(listen(listener, 1) == 0)
    Thread.detachNewThread { [listener] in
      let client = accept(listener, nil, nil)
      var question = [UInt8](repeating: 0, count: 4096)
      recv(client, &question, question.count, 0)
      close(client)
    }
  }

  deinit { close(listener) }
}
