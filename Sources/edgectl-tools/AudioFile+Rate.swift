import Acoustics
import Evaluation

extension AudioFile {
  /// A recording at a rate that the device's resampler does not support.
  struct RateProblem: Error, CustomStringConvertible {
    let path: String
    let rate: Int

    var description: String {
      "\(path) has \(rate) samples a second, which no sound card has:"
        + " convert it with “sox \(path) -r 16000 out.wav”."
    }
  }

  /// The samples at the network's rate of 16 000 per second.
  func samplesAtDeviceRate(path: String) throws -> [Int16] {
    do {
      return try RateConverter.convert(samples, from: sampleRate)
    } catch {
      throw RateProblem(path: path, rate: sampleRate)
    }
  }
}
