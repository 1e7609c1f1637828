/// Why a file cannot be replayed as WAV.
enum WaveProblem: Error, Equatable, CustomStringConvertible {
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
    case .notFile: "is not a file; a recording must lie on a disk"
    case .notWave:
      "is not a WAV file; convert it, for example `sox FILE -b 16 -r 16000 -c 1 out.wav`"
    case .truncated: "is a WAV file that stops before its samples; copy it again"
    case .notPCM(let tag): "has WAV encoding \(tag), only PCM (1) is read; convert it to 16-bit PCM"
    case .badDepth(let bits):
      "has \(bits)-bit samples; 16, 24 and 32 are read, convert it to 16-bit PCM"
    case .badRate(let rate): "has a rate of \(rate) Hz; 8000 to 192000 can be read"
    case .noChannels: "says that it has no channels; its header is damaged"
    case .tooManyChannels(let count):
      "has \(count) channels, and no sound card has as many; its header is damaged"
    case .empty: "has no samples"
    }
  }
}
