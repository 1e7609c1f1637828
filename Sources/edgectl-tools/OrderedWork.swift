import Evaluation

/// Processes a list on several threads and consumes the results in the list's order.
struct OrderedWork {
  /// Number of threads.
  let jobs: Int
  /// The most results per thread that may wait to be consumed.
  private static let perJob = 16

  /// Makes a result for every item and passes them to `take` in order. The first error ends the
  /// work.
  func run<Item: Sendable, Result: Sendable>(
    _ items: [Item], make: @Sendable (Item) throws -> Result, take: (Result) -> Void
  ) throws {
    for first in stride(from: 0, to: items.count, by: jobs * OrderedWork.perJob) {
      let block = Array(items[first..<min(items.count, first + jobs * OrderedWork.perJob)])
      let results = try Crew(of: jobs).collect(block.count, tool: {}) { try make(block[$1]) }
      for result in results { take(result) }
    }
  }
}
