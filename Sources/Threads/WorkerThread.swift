import CLinux
import Glibc

/// A thread that does one thing until it is done: a small stack, and a name that `top -H` shows.
public final class WorkerThread {
  private let body: () -> Void
  private let name: StaticString
  private var thread = pthread_t()
  private var stack: ThreadStack?
  /// Whether its stack is kept out of swap.
  public let isLocked: Bool

  /// Runs `body` on a thread called `name`, of at most 15 bytes. This object must live until `join`
  /// was called. Ends the process when the system allows no more threads.
  public init(_ name: StaticString, _ body: @escaping () -> Void) {
    self.name = name
    self.body = body
    let stack = ThreadStack(count: Self.stackSize)
    isLocked = stack.isLocked
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    let refusal = pthread_attr_setstack(&attributes, stack.base, stack.size)
    precondition(refusal == 0, "a stack is aligned to a page and larger than the least")
    let code = pthread_create(
      &thread, &attributes,
      { context in
        let worker = Unmanaged<WorkerThread>.fromOpaque(context!).takeUnretainedValue()
        worker.name.withUTF8Buffer {
          $0.withMemoryRebound(to: CChar.self) { linux_name_this_thread($0.baseAddress!) }
        }
        worker.body()
        return nil
      }, Unmanaged.passUnretained(self).toOpaque())
    pthread_attr_destroy(&attributes)
    guard code == 0 else { Exhaustion.threads.end() }
    self.stack = consume stack
  }

  /// libasound's plugins need some tens of kilobytes, everything else less.
  private static let stackSize = 256 << 10

  /// Waits until `body` has returned, and gives back its stack.
  public func join() {
    pthread_join(thread, nil)
    stack = nil
  }
}
