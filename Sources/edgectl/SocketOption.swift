import ArgumentParser
import EventStream
import Glibc

/// Which daemon to talk to.
struct SocketOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The daemon's event socket; the environment variable EDGED_SOCKET also sets it.",
      valueName: "path"), completion: .file())
  var socket = getenv("EDGED_SOCKET").map { String(cString: $0) } ?? SocketKind.events.servicePath
}
