import CLinux

/// What the kernel holds for this process.
public enum ProcessMemory {
  /// Gives back the code and the constants of the program and of its libraries; what is used again
  /// is loaded on access.
  ///
  /// Starting and opening devices use most of them, and both are rare. Nothing is lost, because
  /// these pages are never written to: a page that is needed again comes from the page cache, or
  /// from the disk if it was evicted. A debugger's breakpoints are lost.
  public static func releaseCode() { linux_release_code() }
}
