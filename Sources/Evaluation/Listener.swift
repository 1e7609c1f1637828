import Acoustics
import FixedPoint
import ModelFile
import Recognition

/// Runs recordings through a recognizer on the workstation, as the daemon runs a microphone.
///
/// Owns the memory that a stream needs. Not for use by two threads at once.
public final class Listener<Network: Classifier & ~Copyable> {
  private let memory: ArenaMemory
  private var recognizer: Recognizer<Network>

  /// Bytes that the stream works in.
  public var arenaSize: Int { memory.byteCount }

  /// A listener over tables that outlive it. `variant` must be available on this processor.
  /// `makeNetwork` is called twice: to count memory, and to take it.
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

  /// Another talker speaks in what follows, in a stream of its own.
  public func restart() {
    recognizer.restart()
  }

  /// Hears the next recording of the same talker to its end: an open segment ends with it.
  public func hear(_ samples: [Int16], _ body: (RecognitionEvent) -> Void) {
    samples.withUnsafeBufferPointer { recognizer.push($0, body) }
    recognizer.interrupt(body)
  }
}
