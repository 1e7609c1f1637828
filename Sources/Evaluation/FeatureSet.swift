import JSON
import Recognition

/// The raw vectors and speech segments of many recordings, as `tools/train` reads them: one
/// safetensors file.
///
/// | tensor | type | shape | contents |
/// |---|---|---|---|
/// | `raw` | I32 | frames, values | every recording's raw vectors, one recording after the other, Q16 |
/// | `activity` | U8 | frames | the detector's verdict on each frame: 0 quiet, 1 or 2 speech |
/// | `offsets` | I64 | recordings + 1 | where each recording's frames begin in `raw` |
/// | `segments` | I64 | segments, 3 | recording, first frame, frame after the last; counted in the recording |
/// | `speech` | I64 | segments, 2 | first speech frame, frame after the last |
public struct FeatureSet {
  private let rawCount: Int
  private var raw: [Int32] = []
  private var activity: [UInt8] = []
  private var offsets: [Int64] = [0]
  private var segments: [Int64] = []
  private var speech: [Int64] = []

  /// A set without recordings, of vectors of `rawCount` values.
  public init(rawCount: Int) {
    self.rawCount = rawCount
  }

  /// Adds the next recording.
  public mutating func append(
    raw vectors: [Int32], activity verdicts: [EnergyDetector.Activity],
    segments found: [SpeechSegment]
  ) {
    let recording = Int64(offsets.count - 1)
    raw += vectors
    activity += verdicts.lazy.map(\.rawValue)
    offsets.append(Int64(raw.count / rawCount))
    for segment in found {
      segments += [recording, Int64(segment.start), Int64(segment.end)]
      speech += [Int64(segment.speechStart), Int64(segment.speechEnd)]
    }
  }

  /// The bytes of the file.
  public func file() -> [UInt8] {
    // The widest elements first, so that all are aligned in the file.
    let header = header()
    var bytes: [UInt8] = []
    // Up to half a gigabyte for a corpus: reserved at once, not grown.
    bytes.reserveCapacity(
      header.count + 8 * (offsets.count + segments.count + speech.count) + 4 * raw.count
        + activity.count)
    bytes += header
    offsets.withUnsafeBytes { bytes += $0 }
    segments.withUnsafeBytes { bytes += $0 }
    speech.withUnsafeBytes { bytes += $0 }
    raw.withUnsafeBytes { bytes += $0 }
    bytes += activity
    return bytes
  }

  /// The beginning of a safetensors file: a length, and JSON with the position of each tensor in
  /// the data.
  private func header() -> [UInt8] {
    var header = JSONObject()
    var end = 0
    func add(_ name: String, _ type: String, _ shape: [Int], width: Int) {
      let start = end
      end += width * shape.reduce(1, *)
      header[name] = [
        "dtype": .string(type), "shape": .array(shape.map { .integer($0) }),
        "data_offsets": .array([.integer(start), .integer(end)]),
      ]
    }
    add("offsets", "I64", [offsets.count], width: 8)
    add("segments", "I64", [segments.count / 3, 3], width: 8)
    add("speech", "I64", [speech.count / 2, 2], width: 8)
    add("raw", "I32", [raw.count / rawCount, rawCount], width: 4)
    add("activity", "U8", [activity.count], width: 1)

    var text = Array(JSONValue.object(header).description.utf8)
    text += [UInt8](repeating: 0x20, count: (8 - text.count % 8) % 8)
    return withUnsafeBytes(of: UInt64(text.count).littleEndian) { Array($0) } + text
  }
}
