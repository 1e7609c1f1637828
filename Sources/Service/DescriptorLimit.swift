import Glibc

/// How many files and sockets this process may have open.
public enum DescriptorLimit {
  private static let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)

  /// As many as it may allow itself.
  public static var greatest: Int {
    var limit = rlimit()
    return getrlimit(resource, &limit) == 0 ? Int(clamping: limit.rlim_max) : 0
  }

  /// Allows `count`, or as many as may be. systemd's unit has a limit of its own; a shell's is 1024, of
  /// which many more could be had.
  public static func raise(to count: Int) {
    var limit = rlimit()
    guard getrlimit(resource, &limit) == 0, limit.rlim_cur < rlim_t(count) else { return }
    limit.rlim_cur = min(rlim_t(count), limit.rlim_max)
    setrlimit(resource, &limit)
  }
}
