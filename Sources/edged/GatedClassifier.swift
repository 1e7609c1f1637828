import Recognition

/// The network, or nothing in its place.
///
/// No emotion may be inferred from the voice of an employee at work, so for such a stream the
/// network is not run at all, rather than run and not shown. Speech and its level are found without
/// it.
struct GatedClassifier: Classifier, ~Copyable {
  private var network: IntegerClassifier
  private let isOpen: Bool
  private let classCount: Int

  init(_ network: consuming IntegerClassifier, isOpen: Bool, classCount: Int) {
    self.network = network
    self.isOpen = isOpen
    self.classCount = classCount
  }

  mutating func restart() {
    if isOpen { network.restart() }
  }

  mutating func nextContext() {
    if isOpen { network.nextContext() }
  }

  mutating func push(_ frame: UnsafePointer<Int32>) {
    if isOpen { network.push(frame) }
  }

  mutating func decide(into logits: UnsafeMutablePointer<Int32>) {
    if isOpen {
      network.decide(into: logits)
    } else {
      for index in 0..<classCount { logits[index] = 0 }
    }
  }

  mutating func endContext(frames: Int32) {
    if isOpen { network.endContext(frames: frames) }
  }

  mutating func endSegment(isRemembered: Bool) {
    if isOpen { network.endSegment(isRemembered: isRemembered) }
  }

  mutating func forgetTalker() { network.forgetTalker() }
}
