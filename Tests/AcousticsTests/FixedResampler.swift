import Acoustics
import FixedPoint
import Quantization

/// All that `samples`, arriving in chunks of the lengths that `chunk` returns, give at 16 kHz.
func resampled(
  _ samples: [Int16], from rate: Int, chunk: () -> Int = { 960 }
) throws -> [Int16] {
  var counting = Arena.counting()
  _ = try Resampler(rate: rate, arena: &counting)
  let memory = AlignedMemory(size: counting.used)
  defer { withExtendedLifetime(memory) {} }
  var arena = Arena(memory.mutableBytes)
  var resampler = try Resampler(rate: rate, arena: &arena)
  resampler.restart()
  var output: [Int16] = []
  samples.withUnsafeBufferPointer { samples in
    var start = 0
    while start < samples.count {
      let end = min(samples.count, start + chunk())
      resampler.push(UnsafeBufferPointer(rebasing: samples[start..<end])) { output += $0 }
      start = end
    }
  }
  return output
}
