import Console
import Glibc

/// What is said when a recording makes nothing come out, so that nobody takes it for a failure.
enum NoSpeech {
  /// Says that no speech was heard in `samples`, which came from `file`.
  static func note(_ file: String, _ samples: [Int16]) {
    let name = file == "-" ? "standard input" : file
    StandardError.note("no speech was heard in \(name): \(level(samples)).")
  }

  private static func level(_ samples: [Int16]) -> String {
    let peak = samples.reduce(0) { max($0, Int($1.magnitude)) }
    guard peak > 0 else { return "all of it is silence, every sample is 0" }
    let decibels = Int((20 * log10(Double(peak) / 32_768)).rounded())
    return "it has no voice above its noise, and its loudest sample is at \(decibels) dBFS"
  }
}
