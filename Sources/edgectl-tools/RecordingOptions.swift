import Acoustics
import ArgumentParser
import Console
import Evaluation

/// Options of every command that hears recordings.
struct RecordingOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: "Which channel of a recording to hear, counted from 0 as in edged.toml and by ALSA.")
  var channel = 0

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Make recordings louder, or quieter if negative.", valueName: "dB"))
  var gain: Double = 0

  /// Beyond them nothing is left of a recording but silence or full scale.
  private static let gains = -90.0...90.0

  func validate() throws {
    guard RecordingOptions.gains.contains(gain) else {
      throw ValidationError("--gain must be -90 to 90 dB.")
    }
    guard channel >= 0 else { throw ValidationError("--channel counts from 0.") }
  }

  /// A recording as the network's 16 kHz samples.
  func samples(_ path: String) throws -> [Int16] {
    let file = try AudioFile(path: path, channel: channel)
    let samples = try file.samplesAtDeviceRate(path: path)
    guard gain != 0 else { return samples }
    let factor = DecibelGain(gain)
    return samples.map { factor.apply($0) }
  }

  /// Hears one recording after the other. One that cannot be read is named and the others are heard
  /// all the same; at the end it throws the exit code of failure.
  func forEach(_ files: [String], _ body: (String, [Int16]) throws -> Void) throws {
    var isComplete = true
    for file in files {
      let samples: [Int16]
      do {
        samples = try self.samples(file)
      } catch {
        StandardError.note("\(error)")
        isComplete = false
        continue
      }
      try body(file, samples)
    }
    guard isComplete else { throw ExitCode.failure }
  }
}
