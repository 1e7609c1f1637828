import CLinux
import Glibc

/// Ctrl-C, SIGTERM and a reader that has left, as a descriptor to wait for, so that a command ends
/// between two lines and not within one.
struct Interruption: ~Copyable {
  /// Readable once there is a reason to end.
  let descriptor: Int32
  private let signals: Int32

  /// From here on the signals no longer end the process by themselves, nor does SIGPIPE.
  init() {
    var waited = sigset_t()
    sigemptyset(&waited)
    sigaddset(&waited, SIGINT)
    sigaddset(&waited, SIGTERM)
    sigprocmask(SIG_BLOCK, &waited, nil)
    signal(SIGPIPE, SIG_IGN)
    signals = signalfd(-1, &waited, Int32(SFD_CLOEXEC))
    descriptor = epoll_create1(Int32(EPOLL_CLOEXEC))
    var interest = epoll_event()
    interest.events = UInt32(EPOLLIN.rawValue)
    epoll_ctl(descriptor, EPOLL_CTL_ADD, signals, &interest)
    // With no events requested, a pipe still reports that its reader has left. A regular file is
    // refused, which is no loss.
    interest.events = 0
    epoll_ctl(descriptor, EPOLL_CTL_ADD, STDOUT_FILENO, &interest)
  }

  /// Whether there is a reason to end.
  var hasCome: Bool {
    var polled = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return poll(&polled, 1, 0) > 0
  }

  /// From here on the signals end the process by themselves again; a pending one does so now.
  func end() {
    signal(SIGPIPE, SIG_DFL)
    var waited = sigset_t()
    sigemptyset(&waited)
    sigaddset(&waited, SIGINT)
    sigaddset(&waited, SIGTERM)
    sigprocmask(SIG_UNBLOCK, &waited, nil)
  }

  deinit {
    close(descriptor)
    close(signals)
  }
}
