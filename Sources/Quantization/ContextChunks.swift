import Evaluation
import Synchronization

/// A context, and where it stands in its talker's session.
struct PlacedContext {
  let frames: [Int32]
  let place: ContextPlace
}

/// Contexts in a fixed number of chunks, each processed by one thread.
///
/// The division does not depend on the number of threads, and the chunks' results are combined in
/// order, so that sums of doubles, and thus the file, are the same on every machine.
struct ContextChunks {
  private let contexts: [PlacedContext]
  private let chunks: [Range<Int>]

  /// A network that remembers talkers must hear each from the beginning, so that its chunks end
  /// only where a talker does.
  init(_ contexts: CalibrationContexts, remembersTalkers: Bool) {
    let placed = contexts.contexts.indices.map { index in
      PlacedContext(
        frames: contexts.contexts[index],
        place: contexts.places.indices.contains(index) ? contexts.places[index] : .alone)
    }
    self.contexts = placed
    let starts =
      placed.indices.filter { !remembersTalkers || $0 == 0 || placed[$0].place.beginsTalker }
      + [placed.count]
    let units = starts.count - 1
    let count = min(32, units)
    chunks = (0..<count).map {
      starts[$0 * units / count]..<starts[($0 + 1) * units / count]
    }
  }

  /// The results of `body` for each chunk, in order, computed on up to `jobs` threads.
  func map<Value: Sendable>(
    jobs: Int, _ body: @Sendable (ArraySlice<PlacedContext>) -> Value
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
