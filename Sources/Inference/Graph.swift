import FixedPoint

/// A network in int8 that runs along with a stream: each row of features costs only itself.
///
/// A network of fixed length keeps its last rows in a `window` instead; what stands behind that
/// runs once for each decision.
///
/// Convolution histories, LSTM states and pooling sums are kept from call to call, and start anew
/// at `restart()`, where a context begins. Only what a `centre` knows of the talker outlives
/// contexts: it learns with `endContext` and `endSegment`, until `forgetTalker()`. Many calls of one
/// row give the same bytes as one call of many. Nothing here can fail, trap or allocate:
/// `Program.check` has seen to that.
///
/// Before the first full pooling window of a context has passed, poolings over time have seen
/// nothing; a decision is then made of real zeros, so it depends on the biases behind the pooling
/// alone.
public struct Graph: ~Copyable {
  /// The greatest number of rows in one call: 160 ms, so that behind two strides of two there are
  /// still four rows for a product, which reads its weights once for them. (The default network:
  /// 102 µs a second of speech with four, 58 with 16.)
  public static let maximumRows = 16

  let program: Program
  let plan: RowPlan
  let kernels: UnsafeMutablePointer<Kernel>
  /// How many rows of each tensor this call made.
  let counts: UnsafeMutablePointer<Int>
  /// The arena as it was before the kernels took theirs, until they exist.
  var kernelArena: Arena?

  /// Begins a new context: everything before is forgotten but the talker, who is nobody before the
  /// first. Must be called before anything else.
  public mutating func restart() {
    makeKernels()
    for index in 0..<program.operators.count { kernels[index].restart() }
  }

  /// Begins a new context of the same speech. A network of fixed length goes on with its window;
  /// any other begins anew.
  public mutating func nextContext() {
    if program.windowLength == 0 { restart() }
  }

  /// Takes the next `count` ≤ `maximumRows` dense rows of features.
  public mutating func push(_ rows: UnsafePointer<Int8>, count: Int) {
    plan.rows(0).update(from: rows, count: count &* program.inputChannels)
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
  /// stream as it is.
  public mutating func decide(into logits: UnsafeMutablePointer<Int32>) {
    for index in 0..<program.operators.count where program.tensors[index &+ 1].rate == 0 {
      decide(operator: index, into: logits)
    }
  }

  /// The context at hand is over after `frames` ≥ 1 frames, of all of which the last decision was.
  public mutating func endContext(frames: Int32) {
    guard kernelArena == nil else { return }
    for index in 0..<program.operators.count { kernels[index].endContext(frames: frames) }
  }

  /// The segment at hand is over; its contexts were all that ended since the last segment did. It
  /// joins the talker's past if it `isRemembered`, and tells the next nothing otherwise.
  public mutating func endSegment(isRemembered: Bool) {
    guard kernelArena == nil else { return }
    for index in 0..<program.operators.count {
      kernels[index].endSegment(isRemembered: isRemembered)
    }
  }

  /// Another talker from here on, of whom nothing is known. (Of a graph without kernels nobody is
  /// known yet.)
  public mutating func forgetTalker() {
    guard kernelArena == nil else { return }
    for index in 0..<program.operators.count { kernels[index].forgetTalker() }
  }

  /// What operator `index` does when a decision is made.
  func decide(operator index: Int, into logits: UnsafeMutablePointer<Int32>) {
    let source = program.operators[index].inputs[0]
    let isWhole = program.tensors[Int(source)].rate == 0
    kernels[index].decide(rows: isWhole ? plan.rowCount(source) : 0, into: logits)
  }
}
