extension FrontEnd {
  /// The stages of a frame, in order.
  public enum Stage: UInt8, Sendable {
    /// Normalization and window.
    case window
    /// The Fourier transform of half as many complex points.
    case transform
    /// Its power spectrum.
    case spectrum
    /// Mel energies and their logarithms.
    case melBank
    /// The frame's level.
    case level
    /// What follows the level: voice features and the other extras, if the definition asks for
    /// them.
    case extras

    /// The first stage; each `next` leads to another, so that all can be visited without an array.
    public static let first = Stage.window
    /// The stage after this one, nil after the last.
    public var next: Stage? { Stage(rawValue: rawValue + 1) }
  }

  /// Runs one stage once more on what the last frame left, to measure its cost. The buffers are
  /// invalid afterwards: call `restart()` before the next sample.
  public mutating func rerun(_ stage: Stage) {
    let shift: Int32 = 14
    let power = UnsafePointer(spectrum.powers)
    switch stage {
    case .window: _ = window.apply(to: pending, into: transform.input)
    case .transform: _ = transform.run()
    case .spectrum: _ = spectrum.power(of: transform.input)
    case .melBank: melBank.logarithms(of: power, shift: shift, into: raw)
    case .level: raw[levelIndex] = level.logarithm(ofVariance: level.variance(of: pending))
    case .extras:
      let values = raw + levelIndex + 1
      extras.describe(
        power, shift: shift, samples: pending, variance: 1 &<< 40, into: values)
    }
  }
}
