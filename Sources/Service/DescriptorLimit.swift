import Glibc

/// How many files and sockets this process may have open.
public enum DescriptorLimit {
  private static let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)

  /// The hard limit: as many as it may allow itself.
  public static var greatest: Int {
    var limit = rlimit()
    return getrlimit(resource, &limit) == 0 ? Int(clamping: limit.rlim_max) : 0
  }

  /// Raises the soft limit to `count`, or as far as the hard limit allows. systemd's unit has a
  /// limit of its own; a shell's is 1024, far below its hard limit.
  public static func raise(to count: Int) {
    var limit = rlimit()
    guard getrlimit(resource, &limit) == 0, limit.rlim_cur < rlim_t(count) else { return }
    limit.rlim_cur = min(rlim_t(count), limit.rlim_max)
    setrlimit(resource, &limit)
  }
}
