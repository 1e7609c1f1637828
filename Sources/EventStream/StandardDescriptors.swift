import Glibc

/// Standard input, output and error of a program that opens sockets.
public enum StandardDescriptors {
  /// Occupies those that the caller has closed, or a socket could get their number and receive text
  /// meant for people. To be called before anything is opened.
  ///
  /// Reading and writing them still fails: they are opened in the wrong direction, as by gnulib's
  /// `stdopen`.
  public static func occupy() {
    for number in STDIN_FILENO...STDERR_FILENO where fcntl(number, F_GETFD) < 0 {
      _ = open("/dev/null", number == STDIN_FILENO ? O_WRONLY : O_RDONLY)
    }
  }
}
