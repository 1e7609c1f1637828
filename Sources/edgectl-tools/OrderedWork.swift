import Foundation
import Synchronization

/// Work on a list that several threads do and one takes in, in the list's order.
struct OrderedWork {
  /// How many threads work.
  let jobs: Int
  /// Results that wait to be taken in: at most so many a thread.
  private static let perJob = 16

  /// Makes a result of every item and hands them to `take` in order. The first error ends it.
  func run<Item: Sendable, Result: Sendable>(
    _ items: [Item], make: @Sendable (Item) throws -> Result, take: (Result) -> Void
  ) throws {
    for first in stride(from: 0, to: items.count, by: jobs * OrderedWork.perJob) {
      let block = items[first..<min(items.count, first + jobs * OrderedWork.perJob)]
      for result in try OrderedWork.results(Array(block), jobs: jobs, make) { take(result) }
    }
  }

  private static func results<Item: Sendable, Result: Sendable>(
    _ items: [Item], jobs: Int, _ make: @Sendable (Item) throws -> Result
  ) throws -> [Result] {
    let next = Atomic<Int>(0)
    let made = Mutex<(results: [Result?], error: (any Error)?)>(
      ([Result?](repeating: nil, count: items.count), nil))
    DispatchQueue.concurrentPerform(iterations: jobs) { _ in
      do {
        while made.withLock({ $0.error == nil }) {
          let index = next.add(1, ordering: .relaxed).oldValue
          guard index < items.count else { return }
          let result = try make(items[index])
          made.withLock { $0.results[index] = result }
        }
      } catch {
        made.withLock { $0.error = $0.error ?? error }
      }
    }
    return try made.withLock { made in
      if let error = made.error { throw error }
      return made.results.compactMap { $0 }
    }
  }
}
