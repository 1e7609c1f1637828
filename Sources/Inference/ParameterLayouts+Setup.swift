import FixedPoint

// Block constants from scales, for model conversion.

extension AddConstants {
  /// How two inputs are added, from the ratios of their scales to the output's.
  public init(firstRatio: Double, secondRatio: Double) throws(Rescaler.Problem) {
    let greatest = max(firstRatio, secondRatio)
    guard firstRatio > 0, secondRatio > 0, greatest.isFinite else {
      throw .notPositive(min(firstRatio, secondRatio))
    }
    guard greatest < 0x1p20 else { throw .tooLarge(greatest) }
    var shift: Int32 = 30
    while greatest * Double(1 << shift) > 0x1p21 { shift -= 1 }
    self.init(
      first: Int32((firstRatio * Double(1 << shift)).rounded()),
      second: Int32((secondRatio * Double(1 << shift)).rounded()), shift: shift)
  }
}

extension LSTMConstants {
  /// Constants for cells of magnitude up to `greatestCell` in calibration, and for the scale of the
  /// output.
  public init(greatestCell: Double, outputScale: Double) throws(Rescaler.Problem) {
    let rescaler = try Rescaler(ratio: 0x1p-30 / outputScale)
    var bits: Int32 = 15
    while bits > 0, 2 * greatestCell > Double(1 << (15 - bits)) { bits -= 1 }
    self.init(cellFractionBits: bits, mantissa: rescaler.mantissa, shift: rescaler.shift)
  }
}

extension PoolConstants {
  /// Constants for an input and an output scale.
  public init(inputScale: Double, outputScale: Double) throws(Rescaler.Problem) {
    let rescaler = try Rescaler(ratio: inputScale / outputScale / 65536)
    self.init(mantissa: rescaler.mantissa, shift: rescaler.shift)
  }
}

extension CentreConstants {
  /// Constants for an input and an output scale.
  public init(
    inputScale: Double, outputScale: Double, prior: Int, segments: Int
  ) throws(Rescaler.Problem) {
    let ratio = inputScale / outputScale / 256
    let rescaler = try Rescaler(ratio: ratio)
    guard rescaler.shift >= 24 else { throw .tooLarge(ratio) }
    self.init(
      mantissa: rescaler.mantissa, shift: rescaler.shift, prior: Int32(prior),
      segments: Int32(segments))
  }
}

extension CentreLayout {
  /// Writes the entries of one channel whose mean is `mean`, in codes of the input, into a block of
  /// zeros.
  public func pack(
    channel: Int, mean: Double, amount: Double, into block: UnsafeMutableRawPointer
  ) throws(Rescaler.Problem) {
    let (mean, amount) = ((mean * 256).rounded(), (amount * 4096).rounded())
    guard mean.magnitude <= Double(CentreLayout.greatestMean) else { throw .tooLarge(mean / 256) }
    guard amount.magnitude <= Double(CentreLayout.greatestAmount) else {
      throw .tooLarge(amount / 4096)
    }
    block.storeBytes(of: Int32(mean), toByteOffset: means + 4 * channel, as: Int32.self)
    block.storeBytes(of: Int32(amount), toByteOffset: amounts + 4 * channel, as: Int32.self)
  }
}

extension ConcatenateConstants {
  /// Constants for the ratios of the inputs' scales to the output's; 0 for unused inputs.
  public init(ratios: SIMD4<Double>) throws(Rescaler.Problem) {
    self.init(mantissas: .zero, shifts: SIMD4(repeating: 62))
    for place in 0..<4 where ratios[place] != 0 {
      let rescaler = try Rescaler(ratio: ratios[place])
      mantissas[place] = rescaler.mantissa
      shifts[place] = rescaler.shift
    }
  }
}

extension AttentionLayout {
  /// Writes the 256 weights for scores of `scale`.
  ///
  /// `exponential` is e^x, which this module does not have. Weights far below the largest are at
  /// least 1, so that the denominator is never zero.
  public static func pack(
    scale: Double, exponential: (Double) -> Double, into block: UnsafeMutableRawPointer
  ) {
    for code in 0..<256 {
      let weight = exponential(scale * Double(code - 255)) * 4_294_967_295
      block.storeBytes(
        of: UInt32(max(1, weight.rounded())), toByteOffset: weights + 4 * code, as: UInt32.self)
    }
  }
}

extension AffineLayout {
  /// Writes the entries of one channel that maps a code q to `slope · q + intercept`, in codes of
  /// the output.
  public func pack(
    channel: Int, slope: Double, intercept: Double, into block: UnsafeMutableRawPointer
  ) throws(Rescaler.Problem) {
    guard slope.isFinite, intercept.isFinite else { throw .notPositive(slope) }
    var shift: Int32 = 24
    while shift > 0,
      slope.magnitude * Double(1 << shift) > 0x1p22
        || intercept.magnitude * Double(1 << shift) > 0x1p30
    {
      shift -= 1
    }
    guard shift > 0 else { throw .tooLarge(max(slope.magnitude, intercept.magnitude)) }
    let one = Double(1 << shift)
    block.storeBytes(
      of: Int32((slope * one).rounded()), toByteOffset: mantissas + 4 * channel, as: Int32.self)
    block.storeBytes(
      of: Int32((intercept * one).rounded()), toByteOffset: offsets + 4 * channel, as: Int32.self)
    block.storeBytes(of: shift, toByteOffset: shifts + 4 * channel, as: Int32.self)
  }

  /// Writes the entries after the last channel.
  public func packPadding(into block: UnsafeMutableRawPointer) {
    for channel in channels..<paddedChannels {
      block.storeBytes(of: 0, toByteOffset: mantissas + 4 * channel, as: Int32.self)
      block.storeBytes(of: 0, toByteOffset: offsets + 4 * channel, as: Int32.self)
      block.storeBytes(of: 1, toByteOffset: shifts + 4 * channel, as: Int32.self)
    }
  }
}
