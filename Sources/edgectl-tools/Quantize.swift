import ArgumentParser
import Console
import Foundation
import JSON
import ModelFile
import Quantization
import Text

/// `edgectl quantize`: converts a trained float model to the device's int8 model file.
struct Quantize: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Convert a trained float model into the device's int8 model file.",
    discussion: """
      Cuts the recordings into segments as the device would, and runs the float network on them to find the range of every \
      tensor. Sessions of a list are heard in order with one talker's baseline. Then it runs the int8 network beside the float \
      one. If fewer labels agree than the gate allows, or the logits are noisier, the model is not written (the --report is, to \
      show why) and the exit status is 2. Other refusals exit with 1, and wrong usage with 64.
      """)

  @Argument(help: "The float model: safetensors with an “edge” document.", completion: .file())
  var model: String

  @Option(
    name: .shortAndLong, help: ArgumentHelp("The file to write.", valueName: "emotion.edge"),
    completion: .file(extensions: ["edge"]))
  var output: String

  @Option(
    help: ArgumentHelp(
      "Speech to calibrate on: a folder of recordings, or a list as for eval.",
      valueName: "dir|list.tsv"), completion: .file())
  var calibrate: String

  @OptionGroup var detector: DetectorOption

  @Option(help: "The greatest number of recordings to use.")
  var clips = 500

  @Option(
    help: ArgumentHelp(
      "Also write the report as an HTML page with pictures.", valueName: "report.html"),
    completion: .file(extensions: ["html"]))
  var report: String?

  @Flag(help: "Print the report as one JSON object.")
  var json = false

  @Option(
    help: ArgumentHelp(
      "The smallest share of equal labels that passes the gate.", valueName: "share"))
  var minAgreement = 0.99

  @Option(
    name: .customLong("min-sqnr"),
    help: ArgumentHelp("The smallest SQNR of the logits that passes the gate.", valueName: "dB"))
  var minSignalToNoise = 35.0

  @Option(
    name: .shortAndLong,
    help: "How many threads to use; if not given, one per processor.")
  var jobs: Int?

  @OptionGroup var recording: RecordingOptions

  func validate() throws {
    guard clips >= 1 else { throw ValidationError("--clips must be at least 1.") }
    guard (1...256).contains(jobs ?? 1) else { throw ValidationError("--jobs must be 1 to 256.") }
    guard (0...1).contains(minAgreement) else {
      throw ValidationError("--min-agreement must be 0 to 1.")
    }
  }

  /// Refuses to overwrite an input, to write two outputs into one file, or to overwrite a file that
  /// is not a model.
  private func checkNames() throws {
    var roles: [String: String] = [:]
    for (role, path) in [("the float model", model), ("-o", output), ("--report", report ?? "")] {
      guard !path.isEmpty else { continue }
      let file = URL(fileURLWithPath: path).resolvingSymlinksInPath().standardizedFileURL.path
      if let other = roles.updateValue(role, forKey: file) {
        throw ValidationError("\(other) and \(role) are the same file, \(path); name another one.")
      }
    }
    let magic = withUnsafeBytes(of: ContainerLayout.magic.littleEndian) { Data($0) }
    guard !output.hasSuffix(".edge"), let file = FileHandle(forReadingAtPath: output),
      let start = try? file.read(upToCount: magic.count), !start.isEmpty, start != magic
    else { return }
    throw ValidationError("-o: \(output) is there and is no model; name another file.")
  }

  func run() throws {
    try checkNames()
    for path in [output, report].compactMap({ $0 }) { try AtomicFile.check(path) }
    let detector = try detector.load()
    let read = try FloatModelFile.read(model)
    let float = try detector.map { try read.cut(by: $0) } ?? read
    try float.checkDetector(detector)
    let contexts = try hear(CalibrationClips(calibrate, limit: clips), float, detector)
    if float.graph.operators.contains(where: { $0.kind == .centre }), !contexts.knowsTalkers {
      StandardError.note(
        "\(calibrate): nobody is heard twice, so that what the model centres of a known talker is not in its ranges; give --calibrate a manifest with sessions, and --clips of at least two for each."
      )
    }
    let quantizer = try Quantizer(
      float, contexts: contexts, detector: detector)
    let progress = ProgressLine(total: quantizer.steps, what: "contexts")
    defer { progress.finish() }
    let result = try quantizer.run(jobs: jobs ?? ProcessInfo.processInfo.activeProcessorCount) {
      progress.advance()
    }
    progress.finish()
    try publish(result)
  }

  private func publish(_ result: Quantizer.Result) throws {
    if let report {
      let page = result.report.html(
        minimumAgreement: minAgreement, minimumSignalToNoise: minSignalToNoise)
      try AtomicFile.write(Array(page.utf8), to: report)
    }
    let passes = result.report.passes(
      minimumAgreement: minAgreement, minimumSignalToNoise: minSignalToNoise)
    if passes { try AtomicFile.write(result.file, to: output) }
    if json {
      guard var object = result.report.json.object else { return }
      object["output"] = passes ? .string(output) : nil
      object["passes"] = .bool(passes)
      object["page"] = report.map { .string($0) }
      try StandardOutput.line(JSONValue.object(object))
    } else {
      try StandardOutput.text(
        result.report.text + (passes ? "written       \(output)\n" : "")
          + (report.map { "report        \($0)\n" } ?? ""))
    }
    guard passes else {
      StandardError.note(outsideGate(result.report))
      throw ExitCode(2)
    }
    if let answer = result.report.onlyAnswer {
      StandardError.note(
        "\(model): the network answers \(answer): it has learned nothing, or this speech is all alike; see what “edgectl eval” says of it, or calibrate on speech of every label."
      )
    }
    let contexts = result.report.contexts
    if contexts < Self.fewContexts {
      StandardError.note(
        "\(calibrate): only \(contexts) contexts were compared, fewer than \(Self.fewContexts), which says little of other speech; calibrate on more."
      )
    }
  }

  /// Contexts of speech below which an agreement means little: after calibration on one recording,
  /// int8 agreed with the float model's label in all of its contexts, but only in 96 % of 732 other
  /// recordings.
  private static let fewContexts = 100

  private func outsideGate(_ report: QuantizationReport) -> String {
    let (equal, least) = decimals(100 * report.agreement, 100 * minAgreement, places: 2)
    let noise = (report.logitSignalToNoise * 10).rounded() / 10
    // The input's noise is that of int8 features, which no calibration changes.
    let operators = report.layers.filter { $0.operation != "input" }
    let worst = operators.min { $0.signalToNoise < $1.signalToNoise }.map {
      "; the noisiest layer is \($0.name) (\($0.operation)) at \(($0.signalToNoise * 10).rounded() / 10) dB"
    }
    let page = self.report.map { "; \($0) shows every layer" }
    let features = report.layers.first { $0.operation == "input" }?.signalToNoise ?? .infinity
    let areTooNoisy = features < minSignalToNoise && report.logitSignalToNoise < minSignalToNoise
    let remedy =
      areTooNoisy
      ? "the features alone have \((features * 10).rounded() / 10) dB in int8, which more of the same does not"
        + " change: calibrate on recordings like those that the model was trained on"
      : "calibrate on more speech"
    return
      "the int8 network is too far from the float one (equal labels \(equal) %, at least"
      + " \(least), as --min-agreement says; logit SQNR \(noise) dB, at least \(minSignalToNoise)\(worst ?? "")): \(output) was not"
      + " written\(page ?? ""); \(remedy), or lower --min-agreement or --min-sqnr."
  }
}
