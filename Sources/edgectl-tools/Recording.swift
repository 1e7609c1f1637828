import Acoustics
import ArgumentParser
import Evaluation

/// Options of every command that hears recordings.
struct RecordingOptions: ParsableArguments {
  @Option(
    help: "Which channel of a recording to hear, counted from 0 as in edged.toml and by ALSA.")
  var channel = 0

  @Option(help: ArgumentHelp("Make recordings louder, or quieter if negative.", valueName: "dB"))
  var gain: Double = 0

  /// A recording as the network's 16 kHz samples.
  func samples(_ path: String) throws -> [Int16] {
    let file = try AudioFile(path: path, channel: channel)
    let samples = try file.samplesAtDeviceRate(path: path)
    guard gain != 0 else { return samples }
    let factor = DecibelGain(gain)
    return samples.map { factor.apply($0) }
  }
}
