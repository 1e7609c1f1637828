/// Added to powers that features divide by, or relate to each other, so that these are neutral in
/// silence: 40 LSB² per sample of the frame, as much as a sine of 1.3 LSB puts into its bin.
public struct SpectralFloor {
  /// LSB² for each sample of a frame.
  public static let perSample = 40

  private let perFrame: UInt64
  /// log₂ of the square of the transform's points.
  private let scale: Int32

  init(_ definition: FrontEndDefinition) {
    perFrame = UInt64(SpectralFloor.perSample) * UInt64(definition.frame)
    scale = 2 * Int32(definition.complexPoints.trailingZeroBitCount)
  }

  /// The floor in the unit of a power spectrum whose samples were shifted left by `shift`; at least
  /// 1.
  func power(shift: Int32) -> UInt64 {
    let exponent = 2 &* shift &- scale
    return max(
      1,
      exponent >= 0
        ? perFrame &<< UInt64(truncatingIfNeeded: exponent)
        : perFrame &>> UInt64(truncatingIfNeeded: 0 &- exponent))
  }
}
