import CIntrinsics
import FixedPoint
import Glibc
import Inference

/// How fast the engine is here, with each kernel variant that the processor has. Run it with `-c release`.
@main
struct InferenceBenchmark {
  static func main() throws {
    #if arch(x86_64)
      if KernelVariant.avx512VNNI.isAvailable {
        let peak = best { edged_peak_avx512vnni(4000) }
        print(
          "register peak of VPDPBUSD on 512 bits: \(rounded(4000 * 12 * 64 / peak / 1e9)) GMAC/s")
      }
      if KernelVariant.avxVNNI.isAvailable {
        let peak = best { edged_peak_avxvnni(4000) }
        print(
          "register peak of VPDPBUSD on 256 bits: \(rounded(4000 * 12 * 32 / peak / 1e9)) GMAC/s")
      }
    #endif
    let network = RecipeNetwork()
    let million = network.multiplicationsPerFrame / 1e6
    print("network of the default model's size, \(rounded(million * 1000)) thousand MAC a frame")
    for raw in UInt8(0)... {
      guard let variant = KernelVariant(rawValue: raw) else { break }
      guard variant.isAvailable else { continue }
      try network.withProgram { program in
        var line = "  \(variant):"
        for count in [1, 4] {
          let seconds = secondsPerFrame(program, variant, rows: count)
          line +=
            " \(rounded(seconds * 1e6 * 10) / 10) µs a frame"
            + " (\(rounded(million / seconds / 1000 * 10) / 10) GMAC/s) by \(count);"
        }
        print(line)
      }
    }
  }

  /// The time that a frame takes when `rows` are handed over at once.
  private static func secondsPerFrame(
    _ program: Program, _ variant: KernelVariant, rows: Int
  ) -> Double {
    var counting = Arena.counting()
    _ = Graph(program, variant: variant, arena: &counting)
    let memory = UnsafeMutableRawBufferPointer.allocate(
      byteCount: counting.used, alignment: Arena.alignment)
    defer { memory.deallocate() }
    var arena = Arena(memory)
    var graph = Graph(program, variant: variant, arena: &arena)
    graph.restart()
    let features = (0..<rows * program.inputChannels).map { _ in Int8.random(in: -128...127) }
    let frames = 400
    return best {
      for _ in 0..<frames / rows { graph.push(features, count: rows) }
    } / Double(frames)
  }

  /// The least time of several runs, in seconds.
  private static func best(_ body: () -> Void) -> Double {
    let clock = ContinuousClock()
    var least = Double.infinity
    for _ in 0..<50 {
      let duration = clock.measure(body).components
      least = min(least, Double(duration.seconds) + Double(duration.attoseconds) * 1e-18)
    }
    return least
  }

  private static func rounded(_ value: Double) -> Double { value.rounded() }
}
