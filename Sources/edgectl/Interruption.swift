import CLinux
import Glibc

/// Ctrl-C and SIGTERM as a descriptor to wait for, so that a command ends between two lines and not within one.
struct Interruption: ~Copyable {
  /// Readable once one of the signals has come.
  let descriptor: Int32

  /// From here on the signals no longer end the process by themselves.
  init() {
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGINT)
    sigaddset(&signals, SIGTERM)
    sigprocmask(SIG_BLOCK, &signals, nil)
    descriptor = signalfd(-1, &signals, Int32(SFD_CLOEXEC))
  }

  deinit { close(descriptor) }
}
