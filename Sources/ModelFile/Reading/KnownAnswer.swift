import Recognition

/// Frames, and the logits that they must give, bit for bit.
///
/// Run once when a model is loaded, with the kernels that will be used: a miscompiled kernel, a
/// processor that misreports its instructions, or damaged memory is found before the first wrong
/// emotion.
public struct KnownAnswer {
  /// The most frames of a known answer: one and a half seconds, which bounds the time to load.
  static let maximumFrames = 150

  /// How many frames there are.
  public let frameCount: Int
  /// How many logits there are.
  public let classCount: Int
  private let width: Int
  private let frames: UnsafePointer<Int32>
  private let logits: UnsafePointer<Int32>

  init(
    _ container: ModelContainer, frames framesKind: SectionKind = .knownFrames,
    logits logitsKind: SectionKind = .knownLogits, width: Int, classCount: Int
  ) throws(ModelProblem) {
    let values = try container.elements(framesKind, of: Int32.self)
    frameCount = values.count / width
    self.width = width
    self.classCount = classCount
    guard (1...KnownAnswer.maximumFrames).contains(frameCount),
      values.count == frameCount &* width, let start = values.baseAddress
    else { throw .knownFrames }
    for value in values where !RawVector.range.contains(value) { throw .knownFrames }
    frames = start
    logits = try container.elements(logitsKind, of: Int32.self, count: classCount)
  }

  /// Runs the frames through `classifier` and compares the logits. Leaves the classifier restarted.
  ///
  /// The classifier's memory must be allocated: see `Arena`.
  public func check<Network: Classifier & ~Copyable>(
    _ classifier: inout Network
  ) throws(ModelProblem) {
    var found = Logits()
    run(&classifier, into: &found)
    for index in 0..<classCount where found.values[index] != logits[index] {
      throw .knownAnswer(class: index, expected: logits[index], found: found.values[index])
    }
  }

  private func run<Network: Classifier & ~Copyable>(
    _ classifier: inout Network, into found: inout Logits
  ) {
    classifier.restart()
    for frame in 0..<frameCount { classifier.push(frames + frame &* width) }
    found.values.withUnsafeMutableLogits { classifier.decide(into: $0) }
    classifier.restart()
  }
}

extension InlineArray where Element == Int32, count == 16 {
  /// The memory of the array.
  fileprivate mutating func withUnsafeMutableLogits(
    _ body: (UnsafeMutablePointer<Int32>) -> Void
  ) {
    var span = mutableSpan
    span.withUnsafeMutableBufferPointer { body($0.baseAddress.unsafelyUnwrapped) }
  }
}
