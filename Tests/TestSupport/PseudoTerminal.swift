import Glibc

/// A terminal without a screen.
public struct PseudoTerminal {
  /// From where to read what is written to it, without waiting; closed by its user.
  public let reader: Int32
  /// Where programs find it.
  public let path: String

  /// Never fails: where no terminal can be made, its path cannot be opened.
  public init() {
    // TIOCSPTLCK and TIOCGPTN, as `unlockpt` and `ptsname` ask, neither of which Swift sees.
    reader = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_NONBLOCK)
    var (lock, number): (Int32, Int32) = (0, -1)
    _ = ioctl(reader, 0x4004_5431, &lock)
    _ = ioctl(reader, 0x8004_5430, &number)
    path = "/dev/pts/\(number)"
  }
}
