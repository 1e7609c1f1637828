import Glibc

/// What a process cannot go on without, and the system refuses: where it shows only when it is
/// needed, there is no way back.
public enum Exhaustion: Sendable {
  case memory
  case threads

  /// Says so, in the words of the program, and ends the process; without asking for memory, for
  /// there may be none. To be set before there is a second thread; until then the process is
  /// aborted.
  nonisolated(unsafe) public static var ending: @Sendable (Exhaustion) -> Never = { _ in abort() }

  func end() -> Never { Self.ending(self) }
}
