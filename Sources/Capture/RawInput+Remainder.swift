import Synchronization

extension RawInput {
  /// What of a stream of bytes outlives the thread that reads it. If the next one forgot it, every
  /// later sample would be made of the halves of two, or the rest of a file be heard whose
  /// beginning has shown what it is.
  final class Remainder: Sendable {
    /// That of standard input, of which a process has one.
    static let ofStandardInput = Remainder()
    /// Up to three bytes that are not yet to be heard, the first lowest; how many they are is in the
    /// highest byte.
    private let value = Atomic<UInt32>(0)
    private let content = Atomic<Content>(.unknown)

    /// What the first bytes show the stream to be.
    var beginning: Content {
      get { content.load(ordering: .relaxed) }
      set { content.store(newValue, ordering: .relaxed) }
    }

    /// Writes what was kept to `place`; how many bytes.
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
    /// Not enough of it was read.
    case unknown
    case samples
    case wave
    case flac
    case ogg

    /// How many bytes it is known by.
    static let length = 4

    /// What begins with `bytes`, of which there are enough. Samples that begin so by chance would be
    /// two of more than half of full scale.
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

    /// The kind of file that it is; nil where it is none that is known.
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
