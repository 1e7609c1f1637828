import Acoustics
import ModelFile

/// All that `samples`, arriving in chunks of the lengths that `chunk` returns, give at 16 kHz.
func resampled(
  _ samples: [Int16], from rate: Int, chunk: () -> Int = { 960 }
) throws -> [Int16] {
  let memory = try ArenaMemory { _ = try Resampler(rate: rate, arena: &$0) }
  defer { withExtendedLifetime(memory) {} }
  var arena = memory.arena()
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
