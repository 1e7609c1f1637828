import FixedPoint

/// Turns a stream of samples into one raw vector per frame: the natural logarithms of the mel
/// energies, the level, and the extras that the definition asks for.
///
/// Frames of `definition.frame` samples start every `definition.hop` samples; the first ends with
/// the frame-th sample since `restart()`. Nothing depends on how the samples are split into calls,
/// and nothing looks at more than one frame (the spectral flux: two), so the same audio gives the
/// same bytes live and offline.
///
/// A raw vector is `rawCount` Int32 in Q16. No input can trap, and no call allocates.
public struct FrontEnd: ~Copyable {
  /// What this front end computes.
  public let definition: FrontEndDefinition
  let window: Window
  let transform: FourierTransform
  let spectrum: RealSpectrum
  let melBank: MelBank
  let level: Level
  var extras: ExtraFeatures
  let pending: UnsafeMutablePointer<Int16>
  let raw: UnsafeMutablePointer<Int32>
  var filled = 0

  /// Values per frame: the mel bands, the level, the extras.
  public var rawCount: Int { definition.rawCount }

  /// Index of the level in the raw vector: the natural logarithm of the frame's mean square about
  /// its mean, in LSB², Q16.
  public var levelIndex: Int { definition.levelIndex }

  /// Forgets all samples, as at the start of a stream. Must be called once before the first sample.
  public mutating func restart() {
    filled = 0
    extras.restart()
  }

  /// Takes samples from the front of `samples` until a frame is complete, and returns its raw
  /// vector.
  ///
  /// Returns nil when all samples are taken and the next frame is still incomplete. The vector
  /// stays valid until the next call:
  ///
  ///     var rest = samples
  ///     while let raw = frontEnd.next(&rest) { … }
  public mutating func next(_ samples: inout UnsafeBufferPointer<Int16>) -> UnsafePointer<Int32>? {
    let frame = Int(definition.frame)
    let count = min(frame &- filled, samples.count)
    if count > 0, let base = samples.baseAddress {
      (pending + filled).copy(from: base, count: count)
      samples = UnsafeBufferPointer(start: base + count, count: samples.count &- count)
      filled &+= count
    }
    guard filled == frame else { return nil }
    analyze()
    let hop = Int(definition.hop)
    pending.copy(from: pending + hop, count: frame &- hop)
    filled = frame &- hop
    return UnsafePointer(raw)
  }

  /// Takes all of `samples` and passes each completed frame to `body`, in order.
  public mutating func push(
    _ samples: UnsafeBufferPointer<Int16>, _ body: (UnsafePointer<Int32>) -> Void
  ) {
    var rest = samples
    while let raw = next(&rest) { body(raw) }
  }

  /// One frame through all stages.
  private mutating func analyze() {
    let shift = window.apply(to: pending, into: transform.input)
    let points = transform.run()
    let power = spectrum.power(of: points)
    melBank.logarithms(of: power, shift: shift, into: raw)
    let values = raw + levelIndex
    let variance = level.variance(of: pending)
    values[0] = level.logarithm(ofVariance: variance)
    extras.describe(
      power, shift: shift, samples: pending, variance: variance, into: values + 1)
  }
}
