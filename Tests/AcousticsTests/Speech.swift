import CSndfile
import Foundation

/// Real speech to measure on.
enum Speech {
  /// A few sentences by espeak-ng, at the rate it speaks, 22.05 kHz, read as if it were 16 kHz.
  ///
  /// The pitch is then a low voice's, which is speech enough for a front end; nothing resamples.
  static let synthetic: [[Int16]] = [
    ("en", "I never thought it would end like this, not after all these years."),
    ("en+f3", "Stop it! I told you a hundred times that it does not work."),
    ("de", "Wir haben uns schon lange nicht mehr gesehen, wie schön."),
  ].map { voice, text in spoken(text, voice: voice) }

  /// Where the corpus is, if there is one.
  static let corpusFolder: String? = {
    let folder = ProcessInfo.processInfo.environment["EDGED_CORPUS"] ?? ""
    return folder.isEmpty ? nil : folder
  }()

  /// Up to `count` lossless CREMA-D clips of the dev speakers, where `EDGED_CORPUS` says that there
  /// is a corpus.
  static func corpus(count: Int) -> [[Int16]] {
    guard let folder = corpusFolder,
      let index = try? String(contentsOfFile: folder + "/INDEX.tsv", encoding: .utf8)
    else { return [] }
    let paths = index.split(separator: "\n").compactMap { line -> String? in
      let fields = line.split(separator: "\t", omittingEmptySubsequences: false)
      guard fields.count > 9, fields[0] == "crema_d", fields[9] == "dev" else { return nil }
      return folder + "/" + fields[2]
    }
    let step = max(1, paths.count / count)
    return stride(from: 0, to: paths.count, by: step).prefix(count).map { decoded(paths[$0]) }
  }

  private static func spoken(_ text: String, voice: String) -> [Int16] {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["espeak-ng", "--stdout", "-v", voice, text]
    let output = Pipe()
    process.standardOutput = output
    do { try process.run() } catch { fatalError("espeak-ng cannot be run: \(error)") }
    let wave = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    precondition(wave.count > 1000, "espeak-ng made no sound; is it installed?")
    // espeak-ng writes the plain 44-byte header, then 16-bit samples.
    return wave.dropFirst(44).withUnsafeBytes { Array($0.bindMemory(to: Int16.self)) }
  }

  private static func decoded(_ path: String) -> [Int16] {
    var info = SF_INFO()
    guard let file = sf_open(path, Int32(SFM_READ), &info) else {
      fatalError("cannot read \(path)")
    }
    defer { sf_close(file) }
    precondition(info.channels == 1 && info.samplerate == 16000, path)
    var samples = [Int16](repeating: 0, count: Int(info.frames))
    let count = sf_readf_short(file, &samples, info.frames)
    return Array(samples.prefix(Int(count)))
  }
}
