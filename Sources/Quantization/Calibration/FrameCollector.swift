import Evaluation
import Recognition

/// Keeps all frames of recordings of speech and noise, in pieces: the calibration data of a network
/// that detects speech.
public final class FrameCollector {
  /// What was collected so far.
  public private(set) var collected: CalibrationContexts
  private let recorder: SpeechRecorder
  private let frontEnd: AlignedMemory

  /// Frames in a piece. Every piece gives one verdict to compare, so they are short.
  private static let pieceFrames = 150

  /// A collector with the front end of `model`.
  public init(_ model: FloatModel) throws(QuantizationProblem) {
    collected = CalibrationContexts(width: model.frontEnd.rawCount)
    frontEnd = AlignedMemory(try model.frontEndSection())
    recorder = SpeechRecorder(
      try ContextCollector.tables(frontEnd), parameters: .standard)
  }

  /// Processes the next recording, 16 000 samples per second.
  public func hear(_ samples: [Int16]) {
    let raw = recorder.raw(samples)
    let length = FrameCollector.pieceFrames * collected.width
    for start in stride(from: 0, to: raw.count, by: length) {
      collected.contexts.append(Array(raw[start..<min(start + length, raw.count)]))
    }
    collected.clips += 1
  }
}
