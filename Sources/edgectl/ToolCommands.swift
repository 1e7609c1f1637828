import ArgumentParser

// The subcommands that edgectl passes on. Their words and options are in `Sources/edgectl-tools`.
/// `edgectl quantize`, by `edgectl-tools quantize`.
struct Quantize: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "quantize",
    abstract: "Convert a trained float model into the device's int8 model file.", helpNames: [])
  @Argument(parsing: .captureForPassthrough) var arguments: [String] = []
}

/// `edgectl eval`, by `edgectl-tools eval`.
struct Eval: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "eval", abstract: "Measure a model on labelled recordings.", helpNames: [])
  @Argument(parsing: .captureForPassthrough) var arguments: [String] = []
}

/// `edgectl classify`, by `edgectl-tools classify`.
struct Classify: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "classify",
    abstract: "Process recordings as the device would, and print its events.", helpNames: [])
  @Argument(parsing: .captureForPassthrough) var arguments: [String] = []
}

/// `edgectl features`, by `edgectl-tools features`.
struct Features: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "features", abstract: "Print the exact integer features of recordings.",
    helpNames: [])
  @Argument(parsing: .captureForPassthrough) var arguments: [String] = []
}

/// `edgectl segments`, by `edgectl-tools segments`.
struct Segments: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "segments",
    abstract: "Print the speech segments that the detector finds in recordings.", helpNames: [])
  @Argument(parsing: .captureForPassthrough) var arguments: [String] = []
}
