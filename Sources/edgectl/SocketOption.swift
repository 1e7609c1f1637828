import ArgumentParser
import EventStream
import Glibc

/// Which daemon to talk to.
struct SocketOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The daemon's event socket; EDGED_SOCKET in the environment says the same.",
      valueName: "path"), completion: .file())
  var socket = getenv("EDGED_SOCKET").map { String(cString: $0) } ?? SocketKind.events.servicePath
}
