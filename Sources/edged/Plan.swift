import Affect
import Capture
import EventStream
import Service
import SoundDevices

/// A configuration in the daemon's own types, every value checked: what is to run.
struct Plan: Equatable {
  /// One stream of it.
  struct Stream: Equatable {
    var name: String
    var role: Role
    var device: DeviceName
    var channel: Int
    var rate: Int?
  }

  /// Where the installed model lies.
  static let standardModel = "/usr/share/edged/emotion.edge"

  /// So many streams fit into the limits of the unit. On a card each, 16 make 18 threads of
  /// `TasksMax=64` (libasound's plugins may add their own), 13 MB of `LimitDATA=64M` and, with the
  /// model that ships, 6 MB locked beside 4 MB of stacks, of `LimitMEMLOCK=16M`: beyond a limit
  /// there is no way back.
  static let maximumStreams = 16

  /// The file that was read first; nil when there is none and every default holds.
  var configurationPath: String?
  var modelPath: String
  var socketPath: String
  var logLevel: LogLevel
  var streams: [Stream]
  var affect: AffectSettings
  var rules: [AlertRule]
  var agentException: AgentException?
  var server: EventServer.Settings

  /// Reads all configuration files and checks what they say together with `options`.
  init(_ options: Options) throws(ConfigurationProblem) {
    let files = ConfigurationFiles(path: options.configuration)
    let configuration = try files.read()
    configurationPath = configuration.files.first
    modelPath = options.model ?? configuration.model ?? Plan.standardModel
    socketPath = options.socket ?? configuration.socket ?? SocketKind.events.servicePath
    try Plan.checkSockets(configuration, options)
    logLevel = configuration.logLevel
    streams = try Plan.streams(configuration, options, file: files.path)
    guard streams.count <= Plan.maximumStreams else {
      throw ConfigurationProblem(
        .badValue, file: options.devices.isEmpty ? files.path : "--device",
        message:
          "there are \(streams.count) streams and may be \(Plan.maximumStreams); take some away")
    }
    affect = try Plan.affect(configuration, file: files.path)
    rules = try Plan.rules(configuration, file: files.path)
    agentException = configuration.agentException.flatMap { AgentException(rawValue: $0) }
    server = Plan.server(configuration.events)
  }

  /// Refuses paths that no socket can have.
  private static func checkSockets(
    _ configuration: Configuration, _ options: Options
  ) throws(ConfigurationProblem) {
    let set = configuration.places["socket"]
    let paths: [(String?, Configuration.Place)] = [
      (options.socket, .init(file: "--socket")),
      (options.controlSocket, .init(file: "--control-socket")),
      (options.socket == nil ? configuration.socket : nil, set ?? .init(file: "socket")),
    ]
    for case (let path?, let place) in paths {
      do throws(SocketProblem) {
        try ListeningSocket.check(path: path)
      } catch {
        throw ConfigurationProblem(
          .badValue, file: place.file, line: place.line, message: error.description)
      }
    }
    let events = options.socket ?? configuration.socket ?? SocketKind.events.servicePath
    guard options.controlSocket != events else {
      throw ConfigurationProblem(
        .badValue, file: "--control-socket",
        message: "\(events) is the event socket; give the control socket a path of its own")
    }
  }

  /// Refuses recordings that stand in for a microphone and cannot be heard: for whoever checks or
  /// reloads. A daemon that starts has nothing else to serve, and a device that is not there is a
  /// state of the device.
  func checkRecordings() throws(ConfigurationProblem) {
    for stream in streams {
      guard let path = stream.device.recording else { continue }
      do throws(OpenProblem) {
        try WaveReplay.check(path, CaptureRequest(highestChannel: stream.channel))
      } catch {
        throw ConfigurationProblem(
          .badValue, file: "stream \(stream.name)", message: error.description)
      }
    }
  }

  private static func streams(
    _ configuration: Configuration, _ options: Options, file: String
  ) throws(ConfigurationProblem) -> [Stream] {
    let configured = configuration.runningStreams
    guard options.devices.isEmpty else {
      let template = configured.count == 1 ? configured[0] : ("main", StreamConfiguration())
      var streams: [Stream] = []
      for (index, device) in options.devices.enumerated() {
        var stream = template.1
        stream.device = device
        let name = index == 0 ? template.0 : "\(template.0)-\(index + 1)"
        streams.append(
          try Plan.stream(name, stream, Configuration.Place(file: "--device", line: nil)))
      }
      return streams
    }
    var streams: [Stream] = []
    for (name, stream) in configured {
      let place = configuration.places["stream.\(name).device"]
      let checked = try Plan.stream(name, stream, place ?? .init(file: file, line: nil))
      if let rate = checked.rate, !CaptureRequest.preferredRates.contains(rate) {
        let place = configuration.places["stream.\(name).rate"]
        let rates = CaptureRequest.preferredRates.sorted().map(String.init)
        throw ConfigurationProblem(
          .badValue, file: place?.file ?? file, line: place?.line,
          message:
            "`stream.\(name).rate` is \(rate); sound cards have \(rates.joined(separator: ", "))"
            + ", and leaving `rate` out takes the best")
      }
      streams.append(checked)
    }
    return streams
  }

  private static func stream(
    _ name: String, _ stream: StreamConfiguration, _ place: Configuration.Place
  ) throws(ConfigurationProblem) -> Stream {
    let device: DeviceName
    do throws(DeviceName.Problem) {
      device = try DeviceName(stream.device)
    } catch {
      throw ConfigurationProblem(
        .badValue, file: place.file, line: place.line, message: error.description)
    }
    guard device != .standardInput || (stream.channel == 0 && stream.rate ?? 16_000 == 16_000)
    else {
      throw ConfigurationProblem(
        .badValue, file: place.file, line: place.line,
        message: "`stdin` has one channel, 0, at 16000 Hz; leave `channel` and `rate` out")
    }
    return Stream(
      name: name, role: Role(rawValue: stream.role) ?? .other, device: device,
      channel: stream.channel, rate: stream.rate)
  }

  private static func affect(
    _ configuration: Configuration, file: String
  ) throws(ConfigurationProblem) -> AffectSettings {
    let affect = configuration.affect
    var settings = AffectSettings()
    settings.minimumConfidence = affect.minimumConfidence ?? settings.minimumConfidence
    settings.timeConstantMs = affect.timeConstantMs ?? settings.timeConstantMs
    settings.enterShare = affect.enterShare ?? settings.enterShare
    settings.leaveShare = affect.leaveShare ?? settings.leaveShare
    settings.lapseMs = affect.lapseMs ?? settings.lapseMs
    do throws(AffectSettings.Problem) {
      try settings.check()
    } catch {
      throw problem(error, configuration, file: file)
    }
    return settings
  }

  /// What the settings' own check says, in the words of the configuration.
  private static func problem(
    _ problem: AffectSettings.Problem, _ configuration: Configuration, file: String
  ) -> ConfigurationProblem {
    let keys = [
      "minimumConfidence": "minimum_confidence", "enterShare": "enter_share",
      "leaveShare": "leave_share", "timeConstantMs": "time_constant_ms", "lapseMs": "lapse_ms",
    ]
    let place: Configuration.Place?
    let message: String
    switch problem {
    case .outOfRange(let name, _, _):
      place = keys[name].flatMap { configuration.places["affect.\($0)"] }
      message = "[affect] \(problem)"
    case .leaveAboveEnter:
      place =
        configuration.places["affect.leave_share"] ?? configuration.places["affect.enter_share"]
      message =
        "`affect.leave_share` must not be above `affect.enter_share`, or a state would end before it begins"
    }
    return ConfigurationProblem(
      .badValue, file: place?.file ?? file, line: place?.line, message: message)
  }

  private static func rules(
    _ configuration: Configuration, file: String
  ) throws(ConfigurationProblem) -> [AlertRule] {
    var rules: [AlertRule] = []
    for (name, alert) in configuration.alerts.sorted(by: { $0.key < $1.key }) {
      var emotions: [Emotion] = []
      for word in alert.emotions {
        guard let emotion = Emotion(rawValue: word), emotion != .unknown else {
          let place = configuration.places["alert.\(name).emotions"]
          throw ConfigurationProblem(
            .badValue, file: place?.file ?? file, line: place?.line,
            message: "`\(word)` is no emotion; the words are "
              + Emotion.named.map(\.rawValue).joined(separator: ", "))
        }
        emotions.append(emotion)
      }
      rules.append(
        AlertRule(
          name: name, emotions: emotions, share: alert.share, forMs: alert.forMs,
          keepFiringForMs: alert.keepFiringForMs))
    }
    return rules
  }

  private static func server(_ events: EventsConfiguration) -> EventServer.Settings {
    var settings = EventServer.Settings()
    settings.historyBytes = events.historyBytes ?? settings.historyBytes
    settings.heartbeatMs = events.heartbeatMs ?? settings.heartbeatMs
    settings.interimMs = events.interimMs ?? settings.interimMs
    settings.maximumClients = events.maximumClients ?? settings.maximumClients
    return settings
  }
}
