import Affect
import EventStream
import ModelFile
import Service
import Settings
import SoundDevices

/// A configuration in the daemon's own types, every value checked: what is to run.
struct Plan {
  /// One stream of it.
  struct Stream {
    var name: String
    var role: Role
    var device: DeviceName
    var channel: Int
    var rate: Int?
    /// Where its device is named.
    var place: Configuration.Place
  }

  /// The file that was read first; nil when there is none and every default holds.
  let configurationPath: String?
  let modelPath: String
  /// Where a file names the model; nil where none does.
  let modelPlace: Configuration.Place?
  let socketPath: String
  let logLevel: LogLevel
  let streams: [Stream]
  let affect: AffectSettings
  let rules: [AlertRule]
  let agentException: AgentException?
  let server: EventServer.Settings
  /// Sockets that are to be made where systemd hands none over, and where each is named.
  let ownSockets: [(path: String, place: Configuration.Place)]

  /// Reads all configuration files and checks what they say together with `options`, and the
  /// recordings that they name. Throws all that is wrong, in the order of the files.
  init(_ options: Options) throws(ConfigurationProblems) {
    let review = ConfigurationReview()
    self.init(options, review)
    checkRecordings(review)
    try review.check(orderedBy: ConfigurationFiles(path: options.configuration).all)
  }

  /// The plan as far as it can be read; what is wrong is reported to `review`.
  init(_ options: Options, _ review: ConfigurationReview) {
    let files = ConfigurationFiles(path: options.configuration)
    let configuration = files.read(review)
    let reading = PlanReading(configuration, options, main: files.path, review)
    configurationPath = configuration.files.first
    modelPath = options.model ?? configuration.model ?? LoadedModel.installedPath
    modelPlace = options.model == nil ? configuration.places["model"] : nil
    socketPath = options.socket ?? configuration.socket ?? SocketKind.events.servicePath
    ownSockets = reading.sockets()
    logLevel = configuration.logLevel
    streams = reading.streams()
    affect = reading.affect()
    rules = reading.rules()
    agentException = configuration.agentException
    server = Plan.server(configuration.events)
  }

  /// Files and sockets of streams, control clients and the daemon itself, with room to spare.
  private static let ownDescriptors = 96

  /// How many files and sockets can be open at a time: the clients', and the daemon's own.
  var descriptorCount: Int { Plan.descriptorCount(clients: server.maximumClients) }

  /// The same with at most so many clients.
  static func descriptorCount(clients: Int) -> Int { clients + ownDescriptors }

  /// `maximumClients`, or as many of them as leave enough of the `available` files and sockets for
  /// control clients and reloads.
  func servedClients(available: Int) -> Int {
    min(server.maximumClients, max(1, available - Plan.ownDescriptors))
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
