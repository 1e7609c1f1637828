import CLinux
import CSystemd
import Glibc

/// What the daemon tells systemd, and what systemd told it. Without systemd every call does
/// nothing.
public struct ServiceManager: Sendable {
  /// The connection that NOTIFY_SOCKET names, if any.
  public init() {}

  /// Sockets accept, configuration and model are loaded, capture threads run: clients may connect.
  public func ready(status: String) { notify("READY=1\nSTATUS=\(status)") }

  /// A reload begins. `Type=notify-reload` needs the time of it, to tell this reload from an
  /// earlier one.
  public func reloading() {
    notify("RELOADING=1\nMONOTONIC_USEC=\(linux_nanoseconds(CLOCK_MONOTONIC) / 1000)")
  }

  /// The daemon is about to exit.
  public func stopping() { notify("STOPPING=1") }

  /// The line that `systemctl status` shows.
  public func status(_ text: String) { notify("STATUS=\(text)") }

  /// Every worker is alive.
  public func keepAlive() { notify("WATCHDOG=1") }

  private func notify(_ text: String) { sd_notify(0, text) }

  /// How often systemd is to be told that the daemon is alive, in milliseconds: half of
  /// WatchdogSec; nil when it does not ask.
  public var keepAliveIntervalMs: Int? {
    var microseconds: UInt64 = 0
    guard sd_watchdog_enabled(0, &microseconds) > 0, microseconds > 0 else { return nil }
    return max(1, Int(microseconds / 2000))
  }

  /// The descriptors that systemd hands over: sockets, by the FileDescriptorName of their unit, and
  /// those it was given to keep. To be called once.
  public func inheritedDescriptors() -> [(name: String, descriptor: Int32)] {
    var names: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
    let count = sd_listen_fds_with_names(1, &names)
    guard count > 0, let names else { return [] }
    defer {
      for index in 0..<Int(count) { free(names[index]) }
      free(names)
    }
    return (0..<Int(count)).map { index in
      (String(cString: names[index]!), SD_LISTEN_FDS_START + Int32(index))
    }
  }
}
