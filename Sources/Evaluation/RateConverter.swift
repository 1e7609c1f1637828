import Acoustics
import ModelFile

/// Converts a recording to the network's rate with the device's own resampler.
public enum RateConverter {
  /// The samples of a recording at `rate`, converted as on the device to 16 000 per second.
  ///
  /// Throws for a rate that the resampler does not support.
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
