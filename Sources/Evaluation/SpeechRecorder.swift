import Acoustics
import ModelFile
import Recognition

/// A classifier that judges nothing: for segmentation alone.
public struct NoClassifier: Classifier {
  /// The classifier.
  public init() {}
  /// Nothing to forget.
  public mutating func restart() {}
  /// Ignores the frame.
  public mutating func push(_ frame: UnsafePointer<Int32>) {}
  /// Leaves the logits unchanged.
  public mutating func decide(into logits: UnsafeMutablePointer<Int32>) {}
}

/// A segment that the detector opened, in frames from the recording's first.
public struct SpeechSegment: Equatable, Sendable {
  /// First frame, preroll included.
  public let start: Int
  /// The frame after the last, hangover included.
  public let end: Int
  /// First speech frame.
  public let speechStart: Int
  /// The frame after the last speech frame.
  public let speechEnd: Int
}

/// Segments recordings as the device would, and keeps their raw vectors: a network's training data.
public final class SpeechRecorder {
  /// Values in a raw vector.
  public let rawCount: Int
  private let listener: Listener<NoClassifier>
  private let memory: ArenaMemory
  private let corpusMean: UnsafeMutablePointer<Int32>
  private var frontEnd: FrontEnd
  private var detector: SpeechDetector

  /// A recorder with its front end's tables, which outlive it, and segmentation; `network` detects
  /// speech if the parameters say so.
  public init(
    _ tables: FrontEndTables, parameters: RecognitionParameters, network: DetectorTables? = nil
  ) {
    let bands = Int(tables.definition.bands)
    memory = ArenaMemory {
      _ = FrontEnd(tables, arena: &$0)
      _ = SpeechDetector(parameters.detector, network: network, bandCount: bands, arena: &$0)
    }
    var arena = memory.arena()
    frontEnd = FrontEnd(tables, arena: &arena)
    detector = SpeechDetector(
      parameters.detector, network: network, bandCount: bands, arena: &arena)
    rawCount = frontEnd.rawCount
    corpusMean = .allocate(capacity: rawCount)
    corpusMean.initialize(repeating: 0, count: rawCount)
    let recognition = RecognitionTables(
      parameters: parameters, corpusMean: corpusMean, classCount: 2, detector: network)
    listener = Listener(recognition, frontEnd: tables) { _ in NoClassifier() }
  }

  deinit { corpusMean.deallocate() }

  /// The raw vectors of all frames of a recording, one after the other, in Q16.
  public func raw(_ samples: [Int16]) -> [Int32] {
    var vectors: [Int32] = []
    frontEnd.restart()
    samples.withUnsafeBufferPointer { samples in
      var rest = samples
      while let raw = frontEnd.next(&rest) {
        vectors.append(contentsOf: UnsafeBufferPointer(start: raw, count: rawCount))
      }
    }
    return vectors
  }

  /// The detector's verdict on each frame of a recording's raw vectors; only speech frames enter
  /// the talker's baseline.
  public func activity(_ vectors: [Int32]) -> [EnergyDetector.Activity] {
    detector.restart()
    return vectors.withUnsafeBufferPointer { vectors in
      guard let first = vectors.baseAddress else { return [] }
      return stride(from: 0, to: vectors.count, by: rawCount).map { detector.hear(first + $0) }
    }
  }

  /// The segments that a detector opens without memory of earlier recordings.
  public func segments(_ samples: [Int16]) -> [SpeechSegment] {
    var segments: [SpeechSegment] = []
    var speechStart = 0
    listener.restart()
    listener.hear(samples) { event in
      switch event {
      case .speechStart(_, _, let speech):
        speechStart = Int(speech)
      case .speechEnd(_, let start, let end, let speech):
        segments.append(
          SpeechSegment(
            start: Int(start), end: Int(end), speechStart: speechStart, speechEnd: Int(speech)))
      case .decision:
        break
      }
    }
    return segments
  }
}
