import CLinux
import Glibc

/// A set of descriptors to wait for, itself one descriptor to wait for (`epoll`, level-triggered).
struct EventPoll: ~Copyable {
  /// What happened to a descriptor.
  struct Readiness {
    let descriptor: Int32
    let isReadable: Bool
    let isWritable: Bool
    /// Both directions are shut: nobody is there any more.
    let isGone: Bool
  }

  private let poll: Descriptor
  private let events: UnsafeMutableBufferPointer<epoll_event>

  /// An empty set that reports up to `capacity` descriptors at a time; nil when the system has no
  /// descriptor left.
  init?(capacity: Int) {
    let number = epoll_create1(Int32(EPOLL_CLOEXEC))
    guard number >= 0 else { return nil }
    poll = Descriptor(owning: number)
    events = .allocate(capacity: capacity)
    events.initialize(repeating: epoll_event())
  }

  deinit { events.deallocate() }

  /// Readable when any of the set is ready.
  var descriptor: Int32 { poll.number }

  /// Adds `descriptor`, to be waited for until it is readable; returns whether that worked.
  func add(_ descriptor: Int32) -> Bool {
    control(EPOLL_CTL_ADD, descriptor, reads: true, writes: false)
  }

  /// Changes what `descriptor` is waited for.
  func change(_ descriptor: Int32, reads: Bool, writes: Bool) {
    _ = control(EPOLL_CTL_MOD, descriptor, reads: reads, writes: writes)
  }

  /// Calls `body` for each descriptor that is ready now or within `timeoutMs`.
  func wait(timeoutMs: Int32, _ body: (Readiness) -> Void) {
    let count = Int(epoll_wait(poll.number, events.baseAddress!, Int32(events.count), timeoutMs))
    for event in events.prefix(max(0, count)) {
      body(
        Readiness(
          descriptor: event.data.fd, isReadable: event.events & EPOLLIN.rawValue != 0,
          isWritable: event.events & EPOLLOUT.rawValue != 0,
          isGone: event.events & (EPOLLHUP.rawValue | EPOLLERR.rawValue) != 0))
    }
  }

  private func control(
    _ operation: Int32, _ descriptor: Int32, reads: Bool, writes: Bool
  ) -> Bool {
    var event = epoll_event()
    event.events = (reads ? EPOLLIN.rawValue : 0) | (writes ? EPOLLOUT.rawValue : 0)
    event.data.fd = descriptor
    return epoll_ctl(poll.number, operation, descriptor, &event) == 0
  }
}
