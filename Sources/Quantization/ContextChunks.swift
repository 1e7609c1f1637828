import Evaluation
import Synchronization

/// Contexts in a fixed number of runs, each the work of one thread at a time.
///
/// The division does not depend on how many threads there are, and what the runs gave is joined in
/// their order, so that sums of doubles, and with them the file, are the same on every machine.
struct ContextChunks {
  private let contexts: [[Int32]]
  private let chunks: [Range<Int>]

  init(_ contexts: [[Int32]]) {
    self.contexts = contexts
    let count = min(32, contexts.count)
    chunks = (0..<count).map {
      $0 * contexts.count / count..<($0 + 1) * contexts.count / count
    }
  }

  /// What `body` gives of each run, in order, on up to `jobs` threads.
  func map<Value: Sendable>(
    jobs: Int, _ body: @Sendable (ArraySlice<[Int32]>) -> Value
  ) -> [Value] {
    let values = Mutex<[Value?]>(Array(repeating: nil, count: chunks.count))
    Crew(of: jobs).share(chunks.count) { next in
      while let index = next() {
        let value = body(contexts[chunks[index]])
        values.withLock { $0[index] = value }
      }
    }
    return values.withLock { $0.compactMap { $0 } }
  }
}
