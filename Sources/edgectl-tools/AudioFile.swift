import CSndfile
import Glibc

/// A recording, decoded to int16 samples of one channel at the file's own rate.
///
/// libsndfile reads WAV, FLAC, Ogg Vorbis and Opus, AIFF and more, of any bit depth. Everything is
/// read as doubles in ±1, which hold 32 bits exactly, scaled by 32 768, rounded half up and
/// clipped. The daemon's `SampleConverter` does the same, so that both get the same samples of a
/// recording at any bit depth, and the level does not depend on the format. (libsndfile's own
/// conversion from floats to integers either keeps ±1 unscaled or scales each file by its peak.)
struct AudioFile {
  /// One channel's samples.
  let samples: [Int16]
  /// Samples per second, according to the file.
  let sampleRate: Int
  /// Set if another channel is much louder.
  let louderChannel: LouderChannel?

  /// Why a recording cannot be read.
  enum Problem: Error, CustomStringConvertible {
    case unreadable(path: String, code: Int32)
    case folder(path: String)
    case noBytes(path: String)
    case notAudio(path: String, reason: String)
    case noSuchChannel(path: String, channels: Int, wanted: Int)
    case empty(path: String)

    var description: String {
      switch self {
      case .unreadable(let path, let code):
        "cannot read \(path): \(String(cString: strerror(code)))"
          + (code == ENOENT
            ? "; name a recording that exists."
            : code == EACCES ? "; make it readable for this user." : "; try another copy of it.")
      case .folder(let path):
        "\(path) is a folder: name the recordings in it, such as \(path)/*.wav."
      case .noBytes(let path):
        "\(path) is empty: it has not a single byte; record or copy it again."
      case .notAudio("standard input", let reason):
        "standard input is not audio that libsndfile knows (\(reason)): convert it to WAV or FLAC;"
          + " raw samples need a header, for example from “sox -t raw -r 16000 -e signed -b 16 -c 1 - -t wav -”."
      case .notAudio(let path, let reason):
        "\(path) is not audio that libsndfile knows (\(reason)): name a recording; convert other formats to"
          + " WAV or FLAC, and give raw samples a header (“sox -t raw -r 16000 -e signed -b 16 -c 1 \(path) out.wav”)."
      case .noSuchChannel(let path, let channels, let wanted):
        "\(path) has \(channels) channel(s) and no channel \(wanted): choose 0 to \(channels - 1)."
      case .empty(let path):
        "\(path) holds no samples: record or copy it again."
      }
    }

    /// Whether it is not a recording at all, like other files in a folder.
    var isForeign: Bool {
      switch self {
      case .notAudio, .noBytes: true
      default: false
      }
    }
  }

  /// Decodes the file at `path`, or standard input for `-`; `channel` counts from 0.
  init(path: String, channel: Int = 0) throws {
    let name = path == "-" ? "standard input" : path
    // Most formats need to seek.
    let descriptor =
      path == "-" ? try AudioFile.spooled(STDIN_FILENO, name: name) : open(path, O_RDONLY)
    guard descriptor >= 0 else {
      throw Problem.unreadable(path: path, code: errno)
    }
    if let data = WaveData(descriptor), data.isLeftOpen {
      // libsndfile would find no samples.
      defer { close(descriptor) }
      let copy = try AudioFile.spooled(descriptor, name: name)
      guard data.correct(copy) else {
        let code = errno
        close(copy)
        throw Problem.unreadable(path: name, code: code)
      }
      try self.init(descriptor: copy, name: name, channel: channel)
    } else {
      try self.init(descriptor: descriptor, name: name, channel: channel)
    }
  }

  private init(descriptor: Int32, name: String, channel: Int) throws {
    // Closed here, whether or not it could be opened: libsndfile's own behaviour differs between
    // versions.
    defer { close(descriptor) }
    var status = stat()
    fstat(descriptor, &status)
    if status.st_mode & S_IFMT == S_IFDIR { throw Problem.folder(path: name) }
    if status.st_mode & S_IFMT == S_IFREG, status.st_size == 0 {
      throw Problem.noBytes(path: name)
    }
    var info = SF_INFO()
    guard let file = sf_open_fd(descriptor, Int32(SFM_READ), &info, Int32(SF_FALSE)) else {
      throw Problem.notAudio(path: name, reason: String(cString: sf_strerror(nil)))
    }
    defer { sf_close(file) }
    let channels = Int(info.channels)
    guard (0..<channels).contains(channel) else {
      throw Problem.noSuchChannel(path: name, channels: channels, wanted: channel)
    }
    let peaks: [UInt16]
    (samples, peaks) = AudioFile.decode(file, channels: channels, channel: channel)
    louderChannel = LouderChannel(than: channel, peaks: peaks)
    sampleRate = Int(info.samplerate)
    guard !samples.isEmpty else { throw Problem.empty(path: name) }
    AudioFile.warnIfCutOff(descriptor, name: name)
  }

  /// The samples of `channel`, and the peaks of all channels. Reads to the end instead of trusting
  /// the header's count, which streams and damaged files state wrongly.
  private static func decode(
    _ file: OpaquePointer, channels: Int, channel: Int
  ) -> (samples: [Int16], peaks: [UInt16]) {
    var samples: [Int16] = []
    var peaks = [UInt16](repeating: 0, count: channels)
    let block = 65_536 / channels
    var interleaved = [Double](repeating: 0, count: block * channels)
    while true {
      let frames = Int(sf_readf_double(file, &interleaved, sf_count_t(block)))
      guard frames > 0 else { return (samples, peaks) }
      for frame in 0..<frames {
        for each in 0..<channels {
          let sample = integer(interleaved[frame * channels + each])
          peaks[each] = max(peaks[each], sample.magnitude)
          if each == channel { samples.append(sample) }
        }
      }
    }
  }

  /// A sample in ±1 as int16. NaN, which damaged float files contain, becomes silence.
  private static func integer(_ sample: Double) -> Int16 {
    let scaled = (sample * 32_768 + 0.5).rounded(.down)
    return scaled.isNaN ? 0 : Int16(max(-32_768, min(32_767, scaled)))
  }

  /// What is left to read of `source`, as an unlinked file.
  private static func spooled(_ source: Int32, name: String) throws -> Int32 {
    guard let temporary = tmpfile() else {
      throw Problem.unreadable(path: name, code: errno)
    }
    defer { fclose(temporary) }
    let spool = dup(fileno(temporary))
    var block = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = read(source, &block, block.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0, write(spool, block, count) == count else {
        let code = errno
        close(spool)
        throw Problem.unreadable(path: name, code: code)
      }
      if count == 0 { break }
    }
    lseek(spool, 0, SEEK_SET)
    return spool
  }
}
