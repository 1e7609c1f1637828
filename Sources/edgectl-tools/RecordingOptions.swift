import Acoustics
import ArgumentParser
import Console
import Evaluation

/// Options common to all commands that read recordings.
struct RecordingOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: "Which channel of a recording to use, counted from 0 as in edged.toml and ALSA.")
  var channel = 0

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Amplify recordings, or attenuate them if negative.", valueName: "dB"))
  var gain: Double = 0

  /// Beyond these limits only silence or full scale remains of a recording.
  private static let gains = -90.0...90.0

  func validate() throws {
    guard RecordingOptions.gains.contains(gain) else {
      throw ValidationError("--gain must be -90 to 90 dB.")
    }
    guard channel >= 0 else { throw ValidationError("--channel counts from 0.") }
  }

  /// A recording as the network's 16 kHz samples.
  func samples(_ path: String) throws -> [Int16] { try recording(path).samples }

  private func recording(_ path: String) throws -> Recording {
    let file = try AudioFile(path: path, channel: channel)
    var samples = try file.samplesAtDeviceRate(path: path)
    if gain != 0 {
      let factor = DecibelGain(gain)
      samples = samples.map { factor.apply($0) }
    }
    return Recording(samples: samples, louderChannel: file.louderChannel)
  }

  /// Processes recordings one after the other. One that cannot be read is reported and the rest are
  /// still processed; at the end it throws the exit code of failure.
  func forEach(_ files: [String], _ body: (String, Recording) throws -> Void) throws {
    var isComplete = true
    for file in files {
      let recording: Recording
      do {
        recording = try self.recording(file)
      } catch {
        StandardError.note("\(error)")
        isComplete = false
        continue
      }
      try body(file, recording)
    }
    guard isComplete else { throw ExitCode.failure }
  }
}
