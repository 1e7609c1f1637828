import CLinux
import Glibc

/// Keeps what people say inside the process.
public enum ProcessPrivacy {
  /// No core dumps, no reading of this process's memory by others of the same user. Once, before
  /// any sound is heard.
  ///
  /// Nor Swift's own crash report, which a toolchain's runtime starts another program for: it
  /// prints the memory that registers point to, and after a signal that somebody sent it lets the
  /// process live on.
  public static func forbidDumps() {
    var none = rlimit(rlim_cur: 0, rlim_max: 0)
    setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none)
    _ = linux_forbid_dumps()
    for signal in [SIGQUIT, SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGSEGV, SIGTRAP] {
      Glibc.signal(signal, SIG_DFL)
    }
  }
}
