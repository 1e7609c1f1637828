import EventStream
import Settings

/// Makes a plan of a configuration and the command line, part by part: what is invalid is reported
/// and left out.
struct PlanReading {
  let configuration: Configuration
  let options: Options
  /// The configuration's main file.
  private let main: String
  let review: ConfigurationReview

  /// What `configuration`, whose first file is `main`, and `options` say together.
  init(
    _ configuration: Configuration, _ options: Options, main: String,
    _ review: ConfigurationReview
  ) {
    (self.configuration, self.options) = (configuration, options)
    (self.main, self.review) = (main, review)
  }

  /// The place of the first of `keys` that is set; the main file as a whole where none is.
  func place(_ keys: String...) -> Configuration.Place {
    keys.lazy.compactMap { configuration.places[$0] }.first ?? Configuration.Place(file: main)
  }

  /// The sockets that are named, each with a path that a socket can have.
  func sockets() -> [(path: String, place: Configuration.Place)] {
    let named: [(path: String?, place: Configuration.Place)] = [
      (options.socket, .init(file: "--socket")),
      (options.controlSocket, .init(file: "--control-socket")),
      (options.socket == nil ? configuration.socket : nil, place("socket")),
    ]
    let events = options.socket ?? configuration.socket ?? SocketKind.events.servicePath
    if options.controlSocket == events {
      review.report(
        .init(file: "--control-socket"),
        "\(events) is the event socket; give the control socket a path of its own")
    }
    var sockets: [(path: String, place: Configuration.Place)] = []
    for case (let path?, let place) in named {
      do throws(SocketProblem) {
        try ListeningSocket.check(path: path)
        sockets.append((path, place))
      } catch {
        review.report(place, error.description)
      }
    }
    return sockets
  }
}
