import Acoustics
import Capture
import FixedPoint
import Threads

/// A resampler that can change its rate without allocating: a card may come back as another one.
struct RateConversion: ~Copyable {
  private let memory: LockedMemory
  private var resampler: Resampler

  /// For samples at 16 kHz, until `adopt(rate:)` says otherwise.
  init() {
    memory = LockedMemory(count: Self.largest)
    resampler = Self.resampler(rate: Resampler.outputRate, memory)
  }

  /// How many bytes the most demanding rate needs that a card can be opened with.
  private static let largest = CaptureRequest.preferredRates.map { rate in
    var counting = Arena.counting()
    _ = try? Resampler(rate: rate, arena: &counting)
    return counting.used
  }.max()!

  private static func resampler(rate: Int, _ memory: borrowing LockedMemory) -> Resampler {
    var arena = Arena(memory.bytes)
    do throws(Resampler.Problem) {
      var resampler = try Resampler(rate: rate, arena: &arena)
      resampler.restart()
      return resampler
    } catch {
      preconditionFailure("Capture opens a device with none but these rates: \(error)")
    }
  }

  /// Whether the samples in it are kept out of swap.
  var isLocked: Bool { memory.isLocked }

  /// Begins anew with samples at `rate` Hz, one of those that Capture opens devices with.
  mutating func adopt(rate: Int) { resampler = Self.resampler(rate: rate, memory) }

  /// Forgets all samples.
  mutating func restart() { resampler.restart() }

  /// Forgets all samples and overwrites them.
  mutating func erase() {
    memory.erase()
    adopt(rate: resampler.rate)
  }

  /// Takes `samples` and hands what they complete at 16 kHz to `body`.
  mutating func push(
    _ samples: UnsafeBufferPointer<Int16>, _ body: (UnsafeBufferPointer<Int16>) -> Void
  ) {
    resampler.push(samples, body)
  }
}
