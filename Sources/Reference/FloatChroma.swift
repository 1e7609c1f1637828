import Acoustics
import Glibc

/// Pitch classes and tonnetz in double precision: the oracle of `Acoustics.Chroma`.
public struct FloatChroma: Sendable {
  /// A row of weights per class from C on, a column per bin.
  public let weights: [[Double]]
  /// A row per coordinate, a column per class.
  public let basis: [[Double]]
  /// Added to what the energies are divided by, so that all values approach 0 in silence.
  private let floor: Double

  /// The filters for `definition`'s transform: librosa's `filters.chroma` at A = 440 Hz.
  public init(_ definition: FrontEndDefinition) {
    floor = Double(SpectralFloor.perSample) * Double(definition.frame)
    let fft = Int(definition.fft)
    // Each bin's position in pitch classes above 27.5 Hz; the bin of 0 Hz is placed an octave and a
    // half below the next.
    var places = (1...fft / 2 + 1).map {
      12 * log2(Double($0) * Double(definition.sampleRate) / Double(fft) / 27.5)
    }
    places.insert(places[0] - 18, at: 0)
    let columns = (0...fft / 2).map { bin -> [Double] in
      let place = places[bin]
      let width = max(places[bin + 1] - place, 1)
      let bumps = (0..<12).map { row -> Double in
        let distance = fmod(place - Double(row) + 6 + 1200, 12) - 6
        return exp(-0.5 * pow(2 * distance / width, 2))
      }
      let norm = bumps.reduce(0) { $0 + $1 * $1 }.squareRoot()
      let sensitivity = exp(-0.5 * pow((place / 12 - 5) / 2, 2))
      return bumps.map { $0 / norm * sensitivity }
    }
    // Counted from A; the rows begin with C.
    weights = (0..<12).map { row in columns.map { $0[(row + 3) % 12] } }
    // Circles of fifths, minor thirds and major thirds; the last has half the radius.
    let circles = [(7.0 / 6, 1.0), (3.0 / 2, 1), (2.0 / 3, 0.5)]
    basis = circles.flatMap { scale, radius in
      [0.5, 0].map { quarter in
        (0..<12).map { radius * cos(.pi * (scale * Double($0) - quarter)) }
      }
    }
  }

  /// The twelve energies of a power spectrum, not yet normalized.
  func energies(_ power: [Double]) -> [Double] {
    weights.map { row in zip(row, power).reduce(0) { $0 + $1.0 * $1.1 } }
  }

  /// Energies relative to the greatest plus the floor.
  func classes(_ energies: [Double]) -> [Double] {
    let greatest = energies.max()! + floor
    return energies.map { $0 / greatest }
  }

  /// Sixteen times the basis weighted by the energies, relative to their sum plus the floor.
  func place(_ energies: [Double]) -> [Double] {
    let total = energies.reduce(0, +) + floor
    return basis.map { row in
      16 * zip(row, energies).reduce(0) { $0 + $1.0 * $1.1 } / total
    }
  }
}
