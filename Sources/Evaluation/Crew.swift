import Dispatch
import Synchronization

/// Threads that share a list of work items: each takes the next one that is free.
public struct Crew: Sendable {
  private let count: Int

  /// A crew of `count` threads, at least one.
  public init(of count: Int) {
    self.count = max(1, count)
  }

  /// Runs `work` on each thread, which requests indices 0, 1 … `places` − 1 until there are none;
  /// each is handed out once.
  public func share(_ places: Int, _ work: @Sendable (_ next: () -> Int?) -> Void) {
    let taken = Atomic<Int>(0)
    DispatchQueue.concurrentPerform(iterations: count) { _ in
      work {
        let place = taken.add(1, ordering: .relaxed).oldValue
        return place < places ? place : nil
      }
    }
  }

  /// The results of `make` for each index, in order; each thread has its own tool. The first error
  /// ends the work.
  public func collect<Tool, Value: Sendable>(
    _ places: Int, tool: @Sendable () throws -> Tool, _ make: @Sendable (Tool, Int) throws -> Value
  ) throws -> [Value] {
    let made = Mutex<(values: [Value?], error: (any Error)?)>(
      ([Value?](repeating: nil, count: places), nil))
    share(places) { next in
      do {
        let own = try tool()
        while made.withLock({ $0.error == nil }), let place = next() {
          let value = try make(own, place)
          made.withLock { $0.values[place] = value }
        }
      } catch {
        made.withLock { $0.error = $0.error ?? error }
      }
    }
    return try made.withLock { made in
      if let error = made.error { throw error }
      return made.values.compactMap { $0 }
    }
  }
}
