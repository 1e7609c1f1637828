import CLinux
import Glibc

/// Keeps what people say inside the process.
public enum ProcessPrivacy {
  /// Forbids core dumps, and reading this process's memory by others of the same user. To be called
  /// once, before any sound is heard.
  ///
  /// Also switches off Swift's crash report, for which a toolchain's runtime starts another
  /// program: it prints the memory that registers point to, and after a signal sent by somebody it
  /// lets the process live on.
  ///
  /// False where the system does not allow that.
  public static func forbidDumps() -> Bool {
    let core = __rlimit_resource_t(RLIMIT_CORE.rawValue)
    var limit = rlimit(rlim_cur: 0, rlim_max: 0)
    setrlimit(core, &limit)
    // A sandbox may refuse to set the limit because it has set it itself.
    let isLimited = getrlimit(core, &limit) == 0 && limit.rlim_cur == 0 && limit.rlim_max == 0
    let isForbidden = linux_forbid_dumps() == 0
    for signal in [SIGQUIT, SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGSEGV, SIGTRAP] {
      Glibc.signal(signal, SIG_DFL)
    }
    return isLimited && isForbidden
  }
}
