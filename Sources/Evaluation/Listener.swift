import Acoustics
import FixedPoint
import ModelFile
import Recognition

/// Runs recordings through a recognizer on the workstation, as the daemon does with a microphone.
///
/// Owns the memory that a stream needs. Not thread-safe.
public final class Listener<Network: Classifier & ~Copyable> {
  private let memory: ArenaMemory
  private var recognizer: Recognizer<Network>

  /// A listener over tables that outlive it. `variant` must be available on this processor.
  /// `makeNetwork` is called twice: to measure memory, and to take it.
  public init(
    _ tables: RecognitionTables, frontEnd: FrontEndTables, variant: FrontEndVariant = .best,
    segmentation: Segmentation = .detected, makeNetwork: (inout Arena) -> Network
  ) {
    func make(_ arena: inout Arena) -> Recognizer<Network> {
      Recognizer(
        tables, frontEnd: frontEnd, variant: variant, network: makeNetwork(&arena),
        segmentation: segmentation, arena: &arena)
    }
    memory = ArenaMemory { _ = make(&$0) }
    var arena = memory.arena()
    recognizer = make(&arena)
    recognizer.restart()
  }

  /// Another talker speaks from here on, in a new stream.
  public func restart() {
    recognizer.restart()
  }

  /// Processes the next recording of the same talker; an open segment ends with it.
  public func hear(_ samples: [Int16], _ body: (RecognitionEvent) -> Void) {
    samples.withUnsafeBufferPointer { recognizer.push($0, body) }
    recognizer.interrupt(body)
  }
}
