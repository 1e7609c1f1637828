import ArgumentParser

/// The control socket, for commands that have an event socket as well.
struct ControlSocketOption: ParsableArguments {
  @Option(help: ControlOption.help, completion: .file())
  var controlSocket = ControlOption.standardSocket
}
