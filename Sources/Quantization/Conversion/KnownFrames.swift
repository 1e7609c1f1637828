import Reference

/// Frames for a model's known answer: made of random numbers, so that the file contains no
/// recording, but shaped like the features that the model was trained on, so that every layer is
/// exercised.
struct KnownFrames {
  /// Number of frames: two thirds of a second, several rows of the slowest tensor of usual
  /// networks.
  static let count = 64

  /// The frames, one after the other: raw vectors less a baseline, Q16.
  let frames: [Int32]

  /// Frames for the features of `model`: coefficients drift like those of speech, within about two
  /// deviations.
  init(_ model: FloatModel) {
    let bands = Int(model.frontEnd.bands)
    let coefficientCount = Int(model.frontEnd.coefficients)
    let cosines = CosineTransform(bands: bands, coefficients: coefficientCount)
    var generator = Xorshift64()
    // Columns after the direct ones are derived from the coefficients.
    let directBands = model.frontEnd.directBands
    let directCount = model.frontEnd.directCount
    // The level, if it is not a column.
    let hidden = model.frontEnd.directIndex - model.frontEnd.levelIndex
    var drift = [Double](repeating: 0, count: coefficientCount + directBands + directCount)
    var frames: [Int32] = []
    for _ in 0..<KnownFrames.count {
      for index in drift.indices { drift[index] = 0.8 * drift[index] + 0.6 * generator.normal() }
      let columns = drift.indices.map { model.means[$0] + model.deviations[$0] * drift[$0] }
      let coefficients = columns.prefix(coefficientCount)
      // The transform is orthonormal: its transpose maps coefficients back to bands.
      for band in 0..<bands {
        let value = coefficients.indices.reduce(0) {
          $0 + cosines.rows[$1][band] * coefficients[$1]
        }
        frames.append(KnownFrames.q16(value))
      }
      frames += [Int32](repeating: 0, count: hidden)
      frames += columns.suffix(directCount).map(KnownFrames.q16)
    }
    self.frames = frames
  }

  private static func q16(_ value: Double) -> Int32 {
    Int32((min(max(value, -100), 100) * 0x1p16).rounded())
  }
}

/// A generator with the same numbers in every build (Marsaglia, 2003).
struct Xorshift64: RandomNumberGenerator {
  private var state: UInt64 = 0x9e37_79b9_7f4a_7c15

  mutating func next() -> UInt64 {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return state
  }

  /// Approximately normal, variance 1: the sum of twelve uniform numbers less its mean.
  mutating func normal() -> Double {
    (0..<12).reduce(-6) { sum, _ in sum + Double(next() >> 11) * 0x1p-53 }
  }
}
