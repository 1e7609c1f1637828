import Glibc

/// Why a file cannot be replayed as WAV.
enum WaveProblem: Error, Equatable, CustomStringConvertible {
  case notOpened(code: Int32)
  case notFile
  case notWave
  case truncated
  case notPCM(tag: UInt16)
  case badDepth(bits: Int)
  case badRate(Int)
  case noChannels
  case tooManyChannels(Int)
  case empty

  var description: String {
    switch self {
    case .notOpened(let code):
      "cannot be opened: \(String(cString: strerror(code)))"
        + (code == ENOENT ? "; name a recording that exists" : "")
        + (code == EACCES ? "; make it readable for the user who opens it" : "")
    case .notFile: "is not a file; name a recording on a disk"
    case .notWave:
      "is not a WAV file; name one, or convert another format, for example with sox"
    case .truncated: "is a WAV file that stops before its samples; copy it again"
    case .notPCM(let tag): "has WAV encoding \(tag), only PCM (1) is read; convert it to 16-bit PCM"
    case .badDepth(let bits):
      "has \(bits)-bit samples; 16, 24 and 32 are read, convert it to 16-bit PCM"
    case .badRate(let rate):
      "has a rate of \(rate) Hz; 8000 to 192000 can be read; convert it to 16000 Hz"
    case .noChannels: "says that it has no channels; its header is damaged, copy it again"
    case .tooManyChannels(let count):
      "has \(count) channels, and no sound card has as many; its header is damaged, copy it again"
    case .empty: "has no samples; record or copy it again"
    }
  }
}
