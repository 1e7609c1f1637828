import FixedPoint

/// An int8 network that runs along with a stream: each row of features is computed only once.
///
/// A network of fixed length keeps its last rows in a `window` instead; everything after the window
/// runs once per decision.
///
/// Convolution histories, LSTM states and pooling sums are kept from call to call, and reset by
/// `restart()`, where a context begins. Only what a `centre` knows of the talker outlives contexts:
/// it learns in `endContext` and `endSegment`, until `forgetTalker()`. Many calls of one row give
/// the same bytes as one call of many. Nothing here can fail, trap or allocate: `Program.check` has
/// made sure of that.
///
/// Before the first full max-pooling window of a context, poolings over time have no input. A
/// decision is then made from real zeros, so it depends only on the biases after the pooling.
public struct Graph: ~Copyable {
  /// The most rows in one call: 160 ms, so that after two strides of two there are still four rows
  /// for a product, which reads its weights once for all of them. (The default network: 102 µs a
  /// second of speech with four, 58 with 16.)
  public static let maximumRows = 16

  let program: Program
  let plan: RowPlan
  let kernels: UnsafeMutablePointer<Kernel>
  /// How many rows of each tensor this call computed.
  let counts: UnsafeMutablePointer<Int>
  /// The arena before the kernels took their memory, kept until they exist.
  var kernelArena: Arena?

  /// Begins a new context: everything before is forgotten except the talker, who is unknown before
  /// the first. Must be called before anything else.
  public mutating func restart() {
    makeKernels()
    for index in 0..<program.operators.count { kernels[index].restart() }
  }

  /// Begins a new context of the same speech. A network of fixed length keeps its window; any other
  /// restarts.
  public mutating func nextContext() {
    if program.windowLength == 0 { restart() }
  }

  /// Takes the next `count` ≤ `maximumRows` dense rows of features.
  public mutating func push(_ rows: UnsafePointer<Int8>, count: Int) {
    plan.rows(0).copy(from: rows, count: count &* program.inputChannels)
    counts[0] = count
    for index in 0..<program.operators.count {
      let source = Int(program.operators[index].inputs[0])
      if program.tensors[source].rate > 0, counts[source] > 0 {
        counts[index &+ 1] = kernels[index].push(counts[source])
      } else {
        counts[index &+ 1] = 0
      }
    }
  }

  /// Writes `classCount` logits of the context so far, Q15.16 in units of ln 2, and leaves the
  /// stream unchanged.
  public mutating func decide(into logits: UnsafeMutablePointer<Int32>) {
    for index in 0..<program.operators.count where program.tensors[index &+ 1].rate == 0 {
      decide(operator: index, into: logits)
    }
  }

  /// Ends the current context after `frames` ≥ 1 frames, all of which the last decision covers.
  public mutating func endContext(frames: Int32) {
    guard kernelArena == nil else { return }
    for index in 0..<program.operators.count { kernels[index].endContext(frames: frames) }
  }

  /// Ends the current segment, whose contexts are all that ended since the last segment did. It
  /// joins the talker's past if it `isRemembered`, and is discarded otherwise.
  public mutating func endSegment(isRemembered: Bool) {
    guard kernelArena == nil else { return }
    for index in 0..<program.operators.count {
      kernels[index].endSegment(isRemembered: isRemembered)
    }
  }

  /// Another talker from here on, still unknown. (Nothing to do in a graph without kernels yet.)
  public mutating func forgetTalker() {
    guard kernelArena == nil else { return }
    for index in 0..<program.operators.count { kernels[index].forgetTalker() }
  }

  /// Runs operator `index` as part of a decision.
  func decide(operator index: Int, into logits: UnsafeMutablePointer<Int32>) {
    let source = program.operators[index].inputs[0]
    let isWhole = program.tensors[Int(source)].rate == 0
    kernels[index].decide(rows: isWhole ? plan.rowCount(source) : 0, into: logits)
  }
}
