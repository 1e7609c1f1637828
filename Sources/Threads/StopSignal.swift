import CLinux
import Glibc
import Synchronization

/// Asks a thread to stop, and wakes it from any wait that includes `descriptor`.
public final class StopSignal: Sendable {
  private let flag = Atomic<Bool>(false)
  /// Readable once `request()` was called: an eventfd that nobody reads.
  public let descriptor: Int32

  /// A signal that has not been given.
  public init() { descriptor = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK)) }

  deinit { close(descriptor) }

  /// Whether stopping was asked for.
  public var isRequested: Bool { flag.load(ordering: .acquiring) }

  /// Asks the thread to stop. From any thread, any number of times.
  public func request() {
    flag.store(true, ordering: .releasing)
    var one: UInt64 = 1
    _ = write(descriptor, &one, 8)
  }
}
