import FixedPoint

/// How much the compressed spectrum has changed since the last frame, regardless of loudness.
struct SpectralFlux {
  private let count: Int
  private let last: UnsafeMutablePointer<Int32>
  private var isFirst = true

  init(_ definition: FrontEndDefinition, arena: inout Arena) {
    count = VoiceBins(definition).count
    last = arena.take(Int32.self, count: count)
  }

  mutating func restart() {
    isFirst = true
  }

  /// Ten times the Euclidean distance between this frame's spectrum and the last one's, each
  /// divided by its sum: Q16.
  mutating func step(_ spectrum: CompressedSpectrum.Frame) -> Int32 {
    let inverse = (1 &<< 47) / Int64(spectrum.sum)
    var squares: UInt64 = 0
    for index in 0..<count {
      // The shares add up to 2³⁰, so the squares of their differences to at most 2⁶¹.
      let share = Int32(
        truncatingIfNeeded: (Int64(spectrum.values[index]) &* inverse) &>> 17)
      let difference = Int64(isFirst ? 0 : share &- last[index])
      squares &+= UInt64(truncatingIfNeeded: difference &* difference)
      last[index] = share
    }
    isFirst = false
    let distance = Int64(squareRoot(squares))
    return Int32(truncatingIfNeeded: (10 &* distance &+ 1 &<< 13) &>> 14)
  }
}
