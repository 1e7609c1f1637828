import CLinux

/// What the kernel holds for this process.
public enum ProcessMemory {
  /// Gives back the code and the constants of the program and of its libraries; what goes on to be
  /// used comes back as it is reached.
  ///
  /// To start and to open devices takes most of them, and neither is done often. Nothing is lost,
  /// since neither is ever written to: a page that is needed after all is found in the page cache, or
  /// read from the disk where that was short. Breakpoints of a debugger are lost.
  public static func releaseCode() { linux_release_code() }
}
