import FixedPoint

/// Three complex factors w, w², w³ of one radix-4 butterfly, in Q31.
struct Twiddles {
  let real: (Int32, Int32, Int32)
  let imaginary: (Int32, Int32, Int32)

  /// The factors of butterfly `k` in a pass of `count`.
  @inline(__always)
  init(_ factors: UnsafePointer<Int32>, at k: Int, count: Int) {
    real = (factors[k], factors[2 &* count &+ k], factors[4 &* count &+ k])
    imaginary = (
      factors[count &+ k], factors[3 &* count &+ k], factors[5 &* count &+ k]
    )
  }
}

/// The transform of four complex points, as two radix-2 steps that halve and round.
struct Butterfly {
  private let real: (Int32, Int32, Int32, Int32)
  private let imaginary: (Int32, Int32, Int32, Int32)

  /// Of the points at `index`, `index + step`, `index + 2·step` and `index + 3·step`.
  @inline(__always)
  init(_ points: ComplexPoints, at index: Int, step: Int) {
    let (a, b, c, d) = (index, index &+ step, index &+ 2 &* step, index &+ 3 &* step)
    let (x, y) = (points.real, points.imaginary)
    let (evenX, evenY) = (halve(x[a] &+ x[c]), halve(y[a] &+ y[c]))
    let (oddX, oddY) = (halve(x[a] &- x[c]), halve(y[a] &- y[c]))
    let (sumX, sumY) = (halve(x[b] &+ x[d]), halve(y[b] &+ y[d]))
    let (differenceX, differenceY) = (halve(x[b] &- x[d]), halve(y[b] &- y[d]))
    // Times −i: the real part of the difference becomes −imaginary.
    real = (
      halve(evenX &+ sumX), halve(oddX &+ differenceY),
      halve(evenX &- sumX), halve(oddX &- differenceY)
    )
    imaginary = (
      halve(evenY &+ sumY), halve(oddY &- differenceX),
      halve(evenY &- sumY), halve(oddY &+ differenceX)
    )
  }

  /// Stores the four results, `step` apart.
  @inline(__always)
  func store(_ points: ComplexPoints, at index: Int, step: Int) {
    points.real[index] = real.0
    points.real[index &+ step] = real.1
    points.real[index &+ 2 &* step] = real.2
    points.real[index &+ 3 &* step] = real.3
    points.imaginary[index] = imaginary.0
    points.imaginary[index &+ step] = imaginary.1
    points.imaginary[index &+ 2 &* step] = imaginary.2
    points.imaginary[index &+ 3 &* step] = imaginary.3
  }

  /// Stores the four results times 1, w, w², w³.
  @inline(__always)
  func store(_ points: ComplexPoints, at index: Int, step: Int, factors: Twiddles) {
    points.real[index] = real.0
    points.imaginary[index] = imaginary.0
    Butterfly.store(
      points, at: index &+ step, real.1, imaginary.1, factors.real.0, factors.imaginary.0)
    Butterfly.store(
      points, at: index &+ 2 &* step, real.2, imaginary.2, factors.real.1, factors.imaginary.1)
    Butterfly.store(
      points, at: index &+ 3 &* step, real.3, imaginary.3, factors.real.2, factors.imaginary.2)
  }

  /// Stores (x + iy)(u + iv).
  @inline(__always)
  private static func store(
    _ points: ComplexPoints, at index: Int, _ x: Int32, _ y: Int32, _ u: Int32, _ v: Int32
  ) {
    points.real[index] = multiplyQ31(x, u) &- multiplyQ31(y, v)
    points.imaginary[index] = multiplyQ31(x, v) &+ multiplyQ31(y, u)
  }
}
