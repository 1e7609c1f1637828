import Glibc
import Synchronization

/// How loud a channel is, for setting up a microphone; measured only while someone asks.
///
/// The capture thread accumulates sums, another thread takes them. The lock is held for a few
/// instructions at a time and never by a thread that waits for anything.
public final class LevelMeter: Sendable {
  /// What was heard since the previous reading.
  public struct Reading: Equatable, Sendable {
    /// Mean power about the mean relative to full scale (2³⁰ LSB²), in centibels (tenths of a
    /// decibel).
    public var levelCentibels: Int
    /// The largest absolute sample relative to full scale (2¹⁵), in centibels.
    public var peakCentibels: Int
  }

  /// Sums over samples.
  private struct Sums {
    var count: Int64 = 0
    var sum: Int64 = 0
    var squares: Int64 = 0
    var peak: Int32 = 0
  }

  private let sums = Mutex(Sums())
  private let isOn = Atomic<Bool>(false)

  /// A meter that is switched off.
  public init() {}

  /// Starts or stops measuring.
  public func measure(_ isWanted: Bool) {
    sums.withLock { $0 = Sums() }
    isOn.store(isWanted, ordering: .relaxed)
  }

  /// What was heard since the last call; nil when nothing was.
  public func take() -> Reading? {
    let taken = sums.withLock { sums in
      defer { sums = Sums() }
      return sums
    }
    guard taken.count > 0 else { return nil }
    let count = Double(taken.count)
    let mean = Double(taken.sum) / count
    let power = Double(taken.squares) / count - mean * mean
    return Reading(
      levelCentibels: Self.centibels(power / 0x1p30),
      peakCentibels: Self.centibels(Double(taken.peak) * Double(taken.peak) / 0x1p30))
  }

  /// The quantization noise of 16 bits, 1/12 LSB², is the floor.
  private static func centibels(_ power: Double) -> Int {
    Int((100 * log10(max(power, 1 / 12 / 0x1p30))).rounded())
  }

  /// Adds samples if the meter is on. Never allocates; a day's sums do not overflow.
  func hear(_ samples: UnsafePointer<Int16>, count: Int) {
    guard isOn.load(ordering: .relaxed) else { return }
    var new = Sums()
    new.count = Int64(count)
    for index in 0..<count {
      let sample = Int32(samples[index])
      new.sum &+= Int64(sample)
      new.squares &+= Int64(sample &* sample)
      new.peak = max(new.peak, abs(sample))
    }
    sums.withLock { sums in
      sums.count &+= new.count
      sums.sum &+= new.sum
      sums.squares &+= new.squares
      sums.peak = max(sums.peak, new.peak)
    }
  }
}
