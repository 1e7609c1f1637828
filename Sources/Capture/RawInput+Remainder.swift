import Synchronization

extension RawInput {
  /// The state of a byte stream that outlives the thread reading it. Without it, the next thread
  /// would join the halves of two samples from then on, or take the rest of a file for samples
  /// although its beginning was recognized.
  final class Remainder: Sendable {
    /// The remainder of standard input, of which a process has one.
    static let ofStandardInput = Remainder()
    /// Up to three bytes not passed on yet, the first in the lowest byte; their count is in the
    /// highest byte.
    private let value = Atomic<UInt32>(0)
    private let content = Atomic<Content>(.unknown)

    /// What the first bytes show the stream to be.
    var beginning: Content {
      get { content.load(ordering: .relaxed) }
      set { content.store(newValue, ordering: .relaxed) }
    }

    /// Writes the bytes kept to `place`; returns how many.
    func put(at place: UnsafeMutableRawPointer) -> Int {
      let value = value.load(ordering: .relaxed)
      let count = Int(value >> 24)
      for index in 0..<count {
        place.storeBytes(
          of: UInt8(truncatingIfNeeded: value >> (8 * UInt32(index))), toByteOffset: index,
          as: UInt8.self)
      }
      return count
    }

    /// Keeps `bytes`, three at most, instead of what was kept.
    func keep(_ bytes: UnsafeRawBufferPointer) {
      var packed = UInt32(bytes.count) << 24
      for index in 0..<bytes.count { packed |= UInt32(bytes[index]) << (8 * UInt32(index)) }
      value.store(packed, ordering: .relaxed)
    }
  }

  /// What a stream of bytes is.
  enum Content: UInt8, AtomicRepresentable {
    /// Too little was read to tell.
    case unknown
    case samples
    case wave
    case flac
    case ogg

    /// How many bytes identify it.
    static let length = 4

    /// The content that begins with `bytes`, at least `length` of them. Samples can match by chance
    /// only if the first two exceed half of full scale.
    init(_ bytes: UnsafeRawBufferPointer) {
      self =
        if bytes.starts(with: "RIFF".utf8) {
          .wave
        } else if bytes.starts(with: "fLaC".utf8) {
          .flac
        } else if bytes.starts(with: "OggS".utf8) {
          .ogg
        } else {
          .samples
        }
    }

    /// The kind of file; nil where it is not a known one.
    var file: String? {
      switch self {
      case .unknown, .samples: nil
      case .wave: "a WAV file"
      case .flac: "a FLAC file"
      case .ogg: "an Ogg file"
      }
    }
  }
}
