import CSystemd
import Glibc

/// The thread that waits for everything that is not sound: signals, clients, timers. A thin wrapper
/// around sd-event.
public final class EventLoop {
  private var loop: OpaquePointer?
  private var handlers: [Handler] = []

  /// How late a timer may be, so that one wakeup can serve several. 0 would mean sd-event's
  /// default, a quarter of a second.
  private static let slackMicroseconds: UInt64 = 10_000

  /// What is called when a source is ready; sd-event holds a pointer to it.
  private final class Handler {
    let body: () -> Void
    let intervalMicroseconds: UInt64
    init(_ body: @escaping () -> Void, intervalMicroseconds: UInt64 = 0) {
      self.body = body
      self.intervalMicroseconds = intervalMicroseconds
    }
    static func at(_ pointer: UnsafeMutableRawPointer?) -> Handler {
      Unmanaged<Handler>.fromOpaque(pointer!).takeUnretainedValue()
    }
  }

  /// Why there is no loop.
  public struct Problem: Error, CustomStringConvertible {
    /// What was attempted.
    public var call: String
    /// The errno, positive.
    public var code: Int32
    /// One sentence for people.
    public var description: String {
      "the event loop failed at \(call): \(String(cString: strerror(code)))"
    }
  }

  /// A loop without sources.
  public init() throws(Problem) { try Self.check(sd_event_new(&loop), "sd_event_new") }

  deinit { sd_event_unref(loop) }

  /// Calls `body` whenever `descriptor` can be read.
  public func onReadable(_ descriptor: Int32, _ body: @escaping () -> Void) throws(Problem) {
    let code = sd_event_add_io(
      loop, nil, descriptor, UInt32(EPOLLIN.rawValue),
      { _, _, _, pointer in
        Handler.at(pointer).body()
        return 0
      }, keep(Handler(body)))
    try Self.check(code, "sd_event_add_io")
  }

  /// Calls `body` on a signal, which `blockSignals` must have blocked before any thread was made.
  public func onSignal(_ signal: Int32, _ body: @escaping () -> Void) throws(Problem) {
    let code = sd_event_add_signal(
      loop, nil, signal,
      { _, _, pointer in
        Handler.at(pointer).body()
        return 0
      }, keep(Handler(body)))
    try Self.check(code, "sd_event_add_signal")
  }

  /// Calls `body` every `milliseconds`, counted from the end of the last call.
  public func every(milliseconds: Int, _ body: @escaping () -> Void) throws(Problem) {
    let interval = UInt64(milliseconds) * 1000
    let handler = Handler(body, intervalMicroseconds: interval)
    let code = sd_event_add_time_relative(
      loop, nil, CLOCK_MONOTONIC, interval, Self.slackMicroseconds,
      { source, _, pointer in
        let handler = Handler.at(pointer)
        handler.body()
        sd_event_source_set_time_relative(source, handler.intervalMicroseconds)
        sd_event_source_set_enabled(source, Int32(SD_EVENT_ONESHOT))
        return 0
      }, keep(handler))
    try Self.check(code, "sd_event_add_time")
  }

  /// Runs until `stop`.
  public func run() throws(Problem) { try Self.check(sd_event_loop(loop), "sd_event_loop") }

  /// Makes `run` return once the current handler is done.
  public func stop() { sd_event_exit(loop, 0) }

  /// Blocks `signals`, and no others whatever the parent had blocked, in this thread and in every
  /// thread that it makes, so that only the loop receives them.
  public static func blockSignals(_ signals: [Int32]) {
    var set = sigset_t()
    sigemptyset(&set)
    for signal in signals { sigaddset(&set, signal) }
    pthread_sigmask(SIG_SETMASK, &set, nil)
  }

  /// Unblocks all signals: for a program that is ending and whose loop no longer runs or never did.
  public static func unblockSignals() { blockSignals([]) }

  private func keep(_ handler: Handler) -> UnsafeMutableRawPointer {
    handlers.append(handler)
    return Unmanaged.passUnretained(handler).toOpaque()
  }

  private static func check(_ code: Int32, _ call: String) throws(Problem) {
    guard code < 0 else { return }
    throw Problem(call: call, code: -code)
  }
}
