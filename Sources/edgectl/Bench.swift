import ArgumentParser
import Benchmark
import Console
import Inference
import ModelFile

/// `edgectl bench`: what every part of a model costs on this processor.
///
/// Part of `edgectl` and not of `edgectl-tools`: it is for devices, and needs none of the
/// workstation's libraries.
struct Bench: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure what each part of a model costs on this processor.",
    discussion: """
      Times are what one thread on one processor needs for a second of speech. They are medians over all rounds; in a round, \
      each figure is measured for a millisecond in turn. The network is measured with one frame per call, with four, and with as \
      many as a call takes. Multiplications per second (GMAC/s) are those of the last of these. Their share of the peak compares \
      them with multiplications between registers that load nothing, measured in the same rounds. Stages and operators are run \
      alone, over and over, with all their data in the nearest cache, so that they add up to a little less than the whole.
      """)

  @Argument(
    help: ArgumentHelp("The device's model.", valueName: "model.edge"),
    completion: .file(extensions: ["edge"]))
  var model = LoadedModel.installedPath

  @Option(help: ArgumentHelp("Kernels to use instead of the fastest.", valueName: "name"))
  var kernels: String?

  @Option(
    help: ArgumentHelp(
      "A WAV file to use as input, at the model's sample rate.", valueName: "file"),
    completion: .file(extensions: ["wav"]))
  var input: String?

  @Option(help: ArgumentHelp("How often to measure each figure.", valueName: "count"))
  var rounds = 50

  @Flag(help: "Print one JSON object.")
  var json = false

  func validate() throws {
    guard (1...10_000).contains(rounds) else {
      throw ValidationError("--rounds must be between 1 and 10000, and is \(rounds).")
    }
    _ = try variant()
  }

  func run() throws {
    let loaded = try LoadedModel(path: model)
    let rate = Int(loaded.model.frontEnd.definition.sampleRate)
    let samples = try input.map { try BenchRecording.samples(of: $0, rate: rate) }
    let progress = ProgressLine(total: rounds, what: "rounds")
    let benchmark = ModelBenchmark(
      loaded, variant: try variant() ?? loaded.kernels, rounds: rounds, samples: samples
    ) { progress.advance() }
    progress.finish()
    let report = BenchReport(loaded, benchmark)
    if json {
      try StandardOutput.line(report.json)
    } else {
      try StandardOutput.text(report.text)
    }
  }

  private func variant() throws -> KernelVariant? {
    guard let kernels else { return nil }
    let available = (UInt8(0)...).lazy.map { KernelVariant(rawValue: $0) }.prefix { $0 != nil }
      .compactMap { $0 }.filter(\.isAvailable)
    if let variant = available.first(where: { "\($0)" == kernels }) { return variant }
    throw ValidationError(
      "--kernels \(kernels): this processor has \(available.map { "\($0)" }.joined(separator: ", "))."
    )
  }
}
