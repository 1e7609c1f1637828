import Evaluation

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
      let block = Array(items[first..<min(items.count, first + jobs * OrderedWork.perJob)])
      let results = try Crew(of: jobs).collect(block.count, tool: {}) { try make(block[$1]) }
      for result in results { take(result) }
    }
  }
}
