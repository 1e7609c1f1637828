import CLinux
import Glibc

/// Detects when the time of day jumps, as it does on a board without a battery when it first hears
/// from a time server, and whether it is synchronized.
///
/// The kernel cancels a timer on the time of day when somebody sets the clock
/// (`TFD_TIMER_CANCEL_ON_SET`; systemd does the same). The jump is measured against CLOCK_BOOTTIME,
/// which runs through sleep and is never set; slewing affects both alike.
public final class WallClock {
  /// A change of the time of day.
  public struct Change: Equatable, Sendable {
    /// What it would show, in milliseconds since the epoch.
    public var oldMs: Int
    /// What it shows; the same when only `isSynced` has changed.
    public var newMs: Int
    /// Whether it is synchronized now; nil when that cannot be told.
    public var isSynced: Bool?
  }

  /// The clocks to read, in nanoseconds.
  struct Source {
    /// CLOCK_REALTIME.
    var timeOfDay: () -> Int64
    /// CLOCK_BOOTTIME.
    var sinceBoot: () -> Int64
    /// Whether the time of day is synchronized; nil when that cannot be told.
    var isSynced: () -> Bool?
  }

  /// Smaller jumps, in nanoseconds, are ignored: NTP itself slews what is below 128 ms.
  static let leastJump: Int64 = 10_000_000

  /// Readable when somebody has set the time of day; -1 where the kernel cannot tell. `change()`
  /// makes it unreadable.
  public let descriptor: Int32
  /// Whether the time of day was synchronized when `change()` last looked; nil when that cannot be
  /// told.
  public private(set) var isSynced: Bool?

  private let source: Source
  private var bootedAt: Int64

  /// The system's time of day, from now on.
  public convenience init() { self.init(source: .system) }

  init(source: Source) {
    self.source = source
    bootedAt = source.timeOfDay() - source.sinceBoot()
    isSynced = source.isSynced()
    descriptor = timerfd_create(CLOCK_REALTIME, Int32(TFD_NONBLOCK) | Int32(TFD_CLOEXEC))
    var never = itimerspec()
    never.it_value.tv_sec = .max
    timerfd_settime(
      descriptor, Int32(TFD_TIMER_ABSTIME) | Int32(TFD_TIMER_CANCEL_ON_SET), &never, nil)
  }

  deinit { close(descriptor) }

  /// What has changed since the last call; nil when nothing has. Call it when `descriptor` is
  /// readable, and every few seconds to keep `isSynced` current.
  public func change() -> Change? {
    var expirations: UInt64 = 0
    let isSet = read(descriptor, &expirations, 8) < 0 && errno == ECANCELED
    let wasSynced = isSynced
    isSynced = source.isSynced()
    let now = source.timeOfDay()
    let started = now - source.sinceBoot()
    let jump = isSet && abs(started - bootedAt) >= Self.leastJump ? started - bootedAt : 0
    if jump != 0 { bootedAt = started }
    guard jump != 0 || isSynced != wasSynced else { return nil }
    return Change(
      oldMs: Int((now - jump) / 1_000_000), newMs: Int(now / 1_000_000), isSynced: isSynced)
  }
}

extension WallClock.Source {
  /// The system's clocks.
  static var system: WallClock.Source {
    WallClock.Source(
      timeOfDay: { linux_nanoseconds(CLOCK_REALTIME) },
      sinceBoot: { linux_nanoseconds(CLOCK_BOOTTIME) }, isSynced: isSystemSynced)
  }

  /// As `timedatectl` decides: the kernel's maximum error grows to 16 s when nobody adjusts the
  /// clock any more. Where a sandbox forbids asking the kernel (`ProtectClock=`),
  /// systemd-timesyncd's marker file decides.
  private static func isSystemSynced() -> Bool? {
    var state = timex()
    if adjtimex(&state) >= 0 { return state.maxerror < 16_000_000 }
    let folder = "/run/systemd/timesync"
    if access("\(folder)/synchronized", F_OK) == 0 { return true }
    return access(folder, F_OK) == 0 ? false : nil
  }
}
