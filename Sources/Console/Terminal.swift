import Glibc

/// The terminal at one of the standard streams, if there is one: how wide it is, and whether it
/// obeys escape sequences.
///
/// Every character counts as one column. Those that take two (Chinese, Japanese, Korean) are not
/// known here: lines with such names may be wider than computed.
public struct Terminal: Sendable {
  private let descriptor: Int32

  /// At standard output.
  public static let output = Terminal(descriptor: STDOUT_FILENO)
  /// At standard error.
  static let error = Terminal(descriptor: STDERR_FILENO)

  /// Whether there is one, so that people read there and not a program.
  public var isThere: Bool { isatty(descriptor) == 1 }

  /// Whether it is there and moves its cursor, erases and colours as escape sequences tell it to.
  public var obeysEscapes: Bool {
    isThere && getenv("TERM").map { String(cString: $0) } != "dumb"
  }

  /// How many columns a line may fill without wrapping; unlimited where there is no terminal.
  ///
  /// One less than it has: on some terminals, erasing to the end of a line also erases the
  /// character in the last column. To be asked for each drawing, because windows change their size.
  public var lineWidth: Int { isThere ? columns - 1 : .max }

  /// Its columns, at least one; those of COLUMNS where it does not know them, as on a serial line.
  private var columns: Int {
    var size = winsize()
    if ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 { return Int(size.ws_col) }
    let told = getenv("COLUMNS").flatMap { Int(String(cString: $0)) } ?? 0
    return told > 0 ? told : 80
  }
}
