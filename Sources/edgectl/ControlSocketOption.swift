import ArgumentParser

/// The control socket, for commands that have an event socket as well.
struct ControlSocketOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The daemon's control socket; EDGED_CONTROL_SOCKET in the environment says the same.",
      valueName: "path"), completion: .file())
  var controlSocket = ControlOption.standardSocket
}
