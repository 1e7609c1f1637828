import Glibc

/// A resource that the process cannot go on without and the system refuses. The refusal comes only
/// when the resource is needed, so there is no way to recover.
public enum Exhaustion: Sendable {
  case memory
  case threads

  /// Says what is exhausted and ends the process, without allocating: there may be no memory left.
  /// To be set before there is a second thread; until then the process is aborted.
  nonisolated(unsafe) public static var ending: @Sendable (Exhaustion) -> Never = { _ in abort() }

  func end() -> Never { Self.ending(self) }
}
