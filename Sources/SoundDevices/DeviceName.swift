/// How a configuration names a sound source.
///
/// Card numbers follow the order in which cards were found, and with it two identical cards swap
/// even their ids. Only the path (`by-path:`, the socket it is plugged into) or the serial number
/// (`by-id:`) stays with one of them.
public enum DeviceName: Equatable, Sendable {
  /// The only card that can capture.
  case auto
  /// A card by its id, as in /proc/asound/cards, and its device number: `Device` or `Device,1`.
  case card(id: String, device: Int)
  /// The card behind a link in /dev/snd/by-path: the socket it is plugged into.
  case byPath(String)
  /// The card behind a link in /dev/snd/by-id: maker, product and serial number.
  case byID(String)
  /// Any PCM that libasound knows: `pcm:mic`, `hw:1,0`, `plughw:…`.
  case pcm(String)
  /// A WAV file, replayed in real time.
  case wave(path: String)
  /// A WAV file, replayed as fast as it can be processed.
  case fastWave(path: String)
  /// Raw 16-bit little-endian mono samples at 16 kHz on standard input.
  case standardInput

  /// Why a text is not a device name.
  public enum Problem: Error, Equatable, Sendable, CustomStringConvertible {
    case empty
    case nothingAfter(prefix: String)
    case badDeviceNumber(String)
    case unknownPrefix(String)
    case badCardID(String)
    case cardNumber(String)

    /// What is wrong and what to write instead.
    public var description: String {
      switch self {
      case .empty:
        "a device name is empty; write `auto`, a card id from `edgectl devices`, or wav:FILE"
      case .nothingAfter(let prefix):
        "the device name `\(prefix)` stops after the colon; name what it should open"
      case .badDeviceNumber(let text):
        "`\(text)` is not a card and its device number; write for example `Device,0`"
      case .unknownPrefix(let text):
        "the device name `\(text)` begins with none of by-path:, by-id:, wav:, wav-fast: and pcm:; "
          + "write pcm:\(text) if it is a PCM of libasound"
      case .badCardID(let text):
        "`\(text)` can be no card: an id has 1 to 15 letters, digits, - and _; `edgectl devices` lists them"
      case .cardNumber(let text):
        "`\(text)` is a card's number, which another card may have tomorrow; "
          + "write its id from `edgectl devices`, or pcm:hw:\(text)"
      }
    }
  }

  /// Reads a name as it is written in the configuration or after `--device`.
  public init(_ text: String) throws(Problem) {
    switch text {
    case "": throw .empty
    case "auto": self = .auto
    case "stdin": self = .standardInput
    default:
      if let prefixed = try DeviceName.prefixed(text) {
        self = prefixed
      } else {
        self = try DeviceName.cardName(text)
      }
    }
  }

  private static func prefixed(_ text: String) throws(Problem) -> DeviceName? {
    guard let colon = text.firstIndex(of: ":") else { return nil }
    let rest = String(text[text.index(after: colon)...])
    guard !rest.isEmpty else { throw .nothingAfter(prefix: text) }
    return switch text[..<colon] {
    case "by-path": .byPath(rest)
    case "by-id": .byID(rest)
    case "wav": .wave(path: rest)
    case "wav-fast": .fastWave(path: rest)
    case "pcm": .pcm(rest)
    default: try libraryName(text)
    }
  }

  /// A PCM by its own name, such as `hw:1,0`, unless it looks like a misspelling of one of our
  /// words.
  private static func libraryName(_ text: String) throws(Problem) -> DeviceName {
    let word = text.prefix { $0 != ":" }.lowercased()
    let isOurs = ["by", "wav", "wave", "pcm", "path", "id", "auto", "stdin", "file"].contains {
      word == $0 || word.hasPrefix($0 + "-") || word.hasPrefix($0 + "_")
    }
    guard !isOurs, !word.isEmpty else { throw .unknownPrefix(text) }
    return .pcm(text)
  }

  private static func cardName(_ text: String) throws(Problem) -> DeviceName {
    guard let comma = text.firstIndex(of: ",") else {
      return .card(id: try cardID(text), device: 0)
    }
    guard let device = Int(text[text.index(after: comma)...]), device >= 0, comma != text.startIndex
    else { throw .badDeviceNumber(text) }
    return .card(id: try cardID(String(text[..<comma])), device: device)
  }

  /// A card's id as the kernel allows it, which is not digits alone.
  private static func cardID(_ text: String) throws(Problem) -> String {
    let isID = text.utf8.allSatisfy {
      switch $0 {
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "-"), UInt8(ascii: "_"):
        true
      default: false
      }
    }
    guard isID, (1...15).contains(text.utf8.count) else { throw .badCardID(text) }
    guard !text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { throw .cardNumber(text) }
    return text
  }

  /// The file that is played, where it is a recording.
  public var recording: String? {
    switch self {
    case .wave(let path), .fastWave(let path): path
    default: nil
    }
  }

  /// Whether it is a microphone, which can be unmuted and has a gain. Otherwise its sound was
  /// recorded before, or another program writes it.
  public var isMicrophone: Bool { recording == nil && self != .standardInput }

  /// The name as it is written.
  public var text: String {
    switch self {
    case .auto: "auto"
    case .card(let id, 0): id
    case .card(let id, let device): "\(id),\(device)"
    case .byPath(let link): "by-path:\(link)"
    case .byID(let link): "by-id:\(link)"
    case .pcm(let name): name.contains(":") ? name : "pcm:\(name)"
    case .wave(let path): "wav:\(path)"
    case .fastWave(let path): "wav-fast:\(path)"
    case .standardInput: "stdin"
    }
  }
}
