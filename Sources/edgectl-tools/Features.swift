import Acoustics
import ArgumentParser
import Console
import Evaluation
import Foundation
import JSON
import Recognition

/// `edgectl features`: the exact integers that the device computes.
struct Features: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print the exact integer features of recordings, or write those of many to one file.",
    discussion: """
      Without --manifest and --output, prints one JSON line per frame with its raw vector in Q16: the natural logarithms of the \
      mel bands, the level, then the extras that the front end has, before the talker's baseline is subtracted.

      With --manifest and --output, writes a file for training: safetensors with the tensors raw, activity, offsets, segments \
      and speech. A line of the list is a path and, optionally, after a tab, a factor that warps the frequencies of the mel \
      bands (vocal tract length perturbation).
      """)

  @OptionGroup var frontEnd: FrontEndOption

  @OptionGroup var detector: CuttingOption

  @OptionGroup var recording: RecordingOptions

  @Option(
    help: ArgumentHelp("The list of recordings for --output.", valueName: "list.tsv"),
    completion: .file())
  var manifest: String?

  @Option(
    name: .shortAndLong, help: ArgumentHelp("The file to write.", valueName: "file.safetensors"),
    completion: .file())
  var output: String?

  @Option(
    name: .shortAndLong,
    help:
      "How many recordings of a list to process at the same time; if not given, one per processor."
  )
  var jobs: Int?

  @Argument(
    help: ArgumentHelp("Recordings; - is standard input.", valueName: "file"), completion: .file())
  var files: [String] = []

  func validate() throws {
    guard (1...256).contains(jobs ?? 1) else { throw ValidationError("--jobs must be 1 to 256.") }
    guard (manifest == nil) == (output == nil) else {
      throw ValidationError("--manifest and --output go together.")
    }
    guard (manifest == nil) != files.isEmpty else {
      throw ValidationError(
        "name either recordings to print, or a --manifest with --output to write.")
    }
  }

  func run() throws {
    if let manifest, let output {
      try AtomicFile.check(output)
      try write(WarpedRecording.read(manifest), to: output)
    } else {
      try printFrames()
    }
  }

  private func printFrames() throws {
    let cutting = try detector.cutting(frontEnd)
    let device = try StandaloneFrontEnd(cutting.frontEnd)
    let recorder = cutting.recorder(device)
    try recording.forEach(files) { file, heard in
      let raw = recorder.raw(heard.samples)
      for (frame, start) in stride(from: 0, to: raw.count, by: recorder.rawCount).enumerated() {
        let vector = raw[start..<start + recorder.rawCount].map { JSONValue.integer(Int($0)) }
        let line: JSONValue = [
          "file": .string(file), "frame": .integer(frame), "raw": .array(vector),
        ]
        try StandardOutput.line(line)
      }
    }
  }

  private func write(_ recordings: [WarpedRecording], to output: String) throws {
    let cutting = try detector.cutting(frontEnd)
    let definition = cutting.frontEnd
    var set = FeatureSet(rawCount: definition.rawCount)
    let progress = ProgressLine(total: recordings.count, what: "recordings")
    defer { progress.finish() }
    try OrderedWork(jobs: jobs ?? ProcessInfo.processInfo.activeProcessorCount).run(recordings) {
      item in
      let device = try StandaloneFrontEnd(definition, warp: item.warp)
      let recorder = cutting.recorder(device)
      let samples = try recording.samples(item.path)
      let raw = recorder.raw(samples)
      return (
        raw: raw, activity: recorder.activity(raw), segments: recorder.segments(samples)
      )
    } take: { heard in
      set.append(raw: heard.raw, activity: heard.activity, segments: heard.segments)
      progress.advance()
    }
    progress.finish()
    try AtomicFile.write(set.file(), to: output)
  }
}

/// One line of the list that `features --manifest` reads.
struct WarpedRecording {
  let path: String
  let warp: Double

  /// Reads a list; relative paths are relative to its folder.
  static func read(_ list: String) throws -> [WarpedRecording] {
    let folder = URL(fileURLWithPath: list).deletingLastPathComponent().path
    let text: String
    do throws(TextFile.Problem) {
      text = try TextFile.read(list)
    } catch {
      throw ListProblem(description: "cannot read the list \(list): \(error.reason).")
    }
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    return try lines.enumerated().filter { !$1.isEmpty }.map { index, line in
      let columns = line.split(separator: "\t", omittingEmptySubsequences: false)
      let path = String(columns[0])
      guard columns.count <= 2, !path.isEmpty,
        let warp = columns.count == 2 ? Double(columns[1]) : 1, (0.5...2).contains(warp)
      else {
        throw ListProblem(
          description:
            "\(list):\(index + 1): a line is a path and, after a tab, a warp of 0.5 to 2; correct it."
        )
      }
      return WarpedRecording(path: path.hasPrefix("/") ? path : "\(folder)/\(path)", warp: warp)
    }
  }
}

/// What is wrong with a list, in one sentence.
struct ListProblem: Error, CustomStringConvertible {
  let description: String
}
