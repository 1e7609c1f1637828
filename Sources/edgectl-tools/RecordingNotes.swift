import Console
import Glibc

/// Warnings about a recording, so that its flaws are not blamed on the model.
enum RecordingNotes {
  /// Warns that no speech was found in `recording`, which came from `file`.
  static func noSpeech(_ file: String, _ recording: Recording) {
    let reason = recording.louderChannel?.words ?? level(recording.samples)
    StandardError.note("no speech was heard in \(name(file)): \(reason).")
  }

  /// Warns that the peaks of `file` are clipped at full scale.
  static func tooLoud(_ file: String) {
    StandardError.note(
      "\(name(file)) is too loud, its peaks cut at full scale, which makes it harder to understand: record it with less gain."
    )
  }

  private static func name(_ file: String) -> String { file == "-" ? "standard input" : file }

  private static func level(_ samples: [Int16]) -> String {
    let peak = samples.reduce(0) { max($0, $1.magnitude) }
    guard peak > 0 else { return "all of it is silence, every sample is 0" }
    let decibels = Int((20 * log10(Double(peak) / 32_768)).rounded())
    return "it has no voice above its noise, and its loudest sample is at \(decibels) dBFS"
  }
}
