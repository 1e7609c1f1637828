import Glibc

/// The orthonormal DCT-II, in double precision.
public struct CosineTransform: Sendable {
  /// One row per coefficient, one column per band.
  public let rows: [[Double]]

  /// The first `coefficients` rows of the transform of `bands` values.
  public init(bands: Int, coefficients: Int) {
    rows = (0..<coefficients).map { row in
      let norm = (Double(row == 0 ? 1 : 2) / Double(bands)).squareRoot()
      let step = Double.pi * Double(row) / Double(bands)
      return (0..<bands).map { norm * cos(step * (Double($0) + 0.5)) }
    }
  }

  /// The cepstral coefficients of one frame's log-mel energies; values after the bands are ignored.
  public func callAsFunction(_ logarithms: [Double]) -> [Double] {
    rows.map { row in zip(row, logarithms).reduce(0) { $0 + $1.0 * $1.1 } }
  }
}
