import CLinux
import Glibc

/// What was asked for on the command line.
struct Options: Equatable {
  /// What to do.
  enum Action: Equatable {
    case run
    case checkConfiguration
    case showVersion
    case showHelp
  }

  var action = Action.run
  /// The configuration file; nil for the standard one.
  var configuration: String?
  /// The model; overrides the configuration's.
  var model: String?
  /// Devices, one stream each; override the configuration's streams.
  var devices: [String] = []
  /// The event socket; overrides the configuration's.
  var socket: String?
  /// The control socket; nil for none but systemd's.
  var controlSocket: String?

  /// Whether there is a standard input. To be read before its number is occupied.
  let hasStandardInput = fcntl(STDIN_FILENO, F_GETFD) >= 0

  /// Why a command line was refused.
  enum Problem: Error, Equatable, CustomStringConvertible {
    case unknown(String)
    case missingArgument(String)
    case unexpectedArgument(String)
    case surplus(String)

    var description: String {
      switch self {
      case .unknown(let option): "unknown option \(option); `edged --help` lists them"
      case .missingArgument(let option): "option \(option) needs a value; see `edged --help`"
      case .unexpectedArgument(let option): "option \(option) takes no value"
      case .surplus(let text): "unexpected argument \(text); `edged --help` shows what it takes"
      }
    }
  }

  private enum Name: Int32, CaseIterable {
    case config = 1000
    case checkConfig, model, device, socket, controlSocket, version, help

    var text: String {
      switch self {
      case .checkConfig: "check-config"
      case .controlSocket: "control-socket"
      default: "\(self)"
      }
    }

    var takesArgument: Bool {
      [.config, .model, .device, .socket, .controlSocket].contains(self)
    }
  }

  /// Reads a command line, the program's name first.
  init(_ arguments: [String]) throws(Problem) {
    var words = arguments.map { strdup($0) }
    words.append(nil)
    var names = Name.allCases.map { name in
      option(
        name: strdup(name.text), has_arg: name.takesArgument ? required_argument : no_argument,
        flag: nil, val: name.rawValue)
    }
    names.append(option())
    defer {
      words.forEach { free($0) }
      names.forEach { free(UnsafeMutablePointer(mutating: $0.name)) }
    }
    while true {
      let next = linux_next_option(Int32(arguments.count), words, ":h", names)
      guard next.value >= 0 else {
        if Int(next.index) < arguments.count {
          throw .surplus(String(cString: words[Int(next.index)]!))
        }
        return
      }
      let word = String(cString: words[max(0, Int(next.index) - 1)]!)
      let isShortHelp = next.value == Int32(UInt8(ascii: "h"))
      guard let name = isShortHelp ? .help : Name(rawValue: next.value) else {
        throw next.value == Int32(UInt8(ascii: ":"))
          ? .missingArgument(word)
          : word.contains("=") && Options.isFlag(word)
            ? .unexpectedArgument(word) : .unknown(word)
      }
      let argument = next.argument.map { String(cString: $0) }
      guard argument?.isEmpty != true else { throw .missingArgument("--\(name.text)") }
      take(name, argument ?? "")
    }
  }

  private static func isFlag(_ word: String) -> Bool {
    Name.allCases.contains { !$0.takesArgument && word.hasPrefix("--\($0.text)=") }
  }

  private mutating func take(_ name: Name, _ argument: String) {
    switch name {
    case .config: configuration = argument
    case .model: model = argument
    case .device: devices.append(argument)
    case .socket: socket = argument
    case .controlSocket: controlSocket = argument
    case .checkConfig: action = .checkConfiguration
    case .version: action = .showVersion
    case .help: action = .showHelp
    }
  }

  /// The text of `--help`.
  static let help = """
    usage: edged [--config FILE] [--model FILE] [--device NAME] [--socket PATH] [--control-socket PATH]

    Listens to a microphone and publishes the emotion in the speaker's voice as JSON lines on a Unix socket.
    Audio never leaves the process.

      --config FILE          configuration (default /etc/edged/edged.toml); drop-ins: FILE with .d/*.toml in place of .toml
      --check-config         check configuration and model, report what is wrong, and exit
      --model FILE           model, instead of the configured one
      --device NAME          device, instead of the configured streams; may be given several times. Each gives one stream, or
                             those that are configured for it, with their channels and roles. NAME is one of
                             auto, a card id, by-path:…, by-id:…, pcm:…, wav:FILE, wav-fast:FILE, stdin (raw S16 16 kHz mono)
      --socket PATH          event socket, instead of the configured one; ignored when systemd passes one
      --control-socket PATH  control socket, for edgectl pause, resume, call and meter; without it there is none,
                             unless systemd passes one
      --version              print the version
      -h, --help             print this

    Signals: SIGHUP reloads configuration and model; SIGTERM ends the daemon.

    """
}
