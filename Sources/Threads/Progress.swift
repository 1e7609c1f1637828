import Synchronization

/// How a worker shows that it is alive: it counts, and the watchdog checks whether the count has
/// advanced.
public final class Progress: Sendable {
  private let steps = Atomic<Int>(0)
  private let finished = Atomic<Bool>(false)

  /// The progress of a worker that has done nothing yet.
  public init() {}

  /// Called by the worker whenever it has done something. Never blocks, never allocates.
  public func advance() { steps.add(1, ordering: .relaxed) }

  /// Called by the worker when its work is over: from then on it need not advance.
  public func finish() { finished.store(true, ordering: .relaxed) }

  /// How often the worker has advanced.
  public var count: Int { steps.load(ordering: .relaxed) }

  /// Whether the worker has finished.
  public var isFinished: Bool { finished.load(ordering: .relaxed) }
}
