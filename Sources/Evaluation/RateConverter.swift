import Acoustics
import ModelFile

/// A recording taken to the network's rate by the device's own resampler.
public enum RateConverter {
  /// The samples of a recording at `rate` as the device hears them: 16 000 a second.
  ///
  /// Throws for a rate that no sound card has either.
  public static func convert(
    _ samples: [Int16], from rate: Int
  ) throws(Resampler.Problem) -> [Int16] {
    guard rate != Resampler.outputRate else { return samples }
    let memory = try ArenaMemory { (arena) throws(Resampler.Problem) in
      _ = try Resampler(rate: rate, arena: &arena)
    }
    defer { withExtendedLifetime(memory) {} }
    var arena = memory.arena()
    var resampler = try Resampler(rate: rate, arena: &arena)
    resampler.restart()
    var converted: [Int16] = []
    converted.reserveCapacity(samples.count * Resampler.outputRate / rate + 1)
    samples.withUnsafeBufferPointer { samples in
      resampler.push(samples) { converted.append(contentsOf: $0) }
    }
    return converted
  }
}
