/// Layout of a recurrent layer's block: input matrix, recurrent matrix, constants.
public struct RecurrentLayout: Equatable, Sendable {
  /// gates·hidden × channels in.
  public let input: MatrixLayout
  /// gates·hidden × hidden.
  public let recurrent: MatrixLayout

  /// The layout for `hidden` units over rows of `channels`: four gates for an LSTM, one for a
  /// simple layer.
  @inlinable
  public init(gates: Int, channels: Int, hidden: Int) {
    input = MatrixLayout(outputs: gates &* hidden, depth: channels)
    recurrent = MatrixLayout(outputs: gates &* hidden, depth: hidden)
  }

  /// Offset of the recurrent matrix in the block.
  @inlinable public var recurrentOffset: Int { input.byteCount }
  /// Offset of the constants in the block.
  @inlinable public var constants: Int { recurrentOffset &+ recurrent.byteCount }
  /// The size of the block.
  @inlinable public var byteCount: Int { constants &+ 64 }
}

/// Layout of an `affine`'s block: three int32 arrays of `channels` rounded up to 16.
///
/// `out = (code · mantissa[c] + offset[c] + half) >> shift[c]`, saturated to int8, with half = 1 <<
/// (shift − 1). The offset holds everything else: the offset of the real map and both zero points.
public struct AffineLayout: Equatable, Sendable {
  /// Values in a row.
  public let channels: Int

  /// The layout for rows of `channels`.
  @inlinable
  public init(channels: Int) {
    self.channels = channels
  }

  /// `channels` rounded up to 16; padding entries have mantissa and offset 0, shift 1.
  @inlinable public var paddedChannels: Int { (channels &+ 15) & ~15 }
  /// Offset of the signed mantissas, |m| ≤ 2²².
  @inlinable public var mantissas: Int { 0 }
  /// Offset of the offsets, |o| ≤ 2³⁰.
  @inlinable public var offsets: Int { paddedChannels &* 4 }
  /// Offset of the shifts, 1…24.
  @inlinable public var shifts: Int { paddedChannels &* 8 }
  /// The size of the block.
  @inlinable public var byteCount: Int { paddedChannels &* 12 }
}

/// Layout of a `centre`'s block: two int32 arrays of `channels` rounded up to 16, then a
/// `CentreConstants` record.
public struct CentreLayout: Equatable, Sendable {
  /// The largest magnitude of a mean: 256 times the range of int8.
  static let greatestMean: Int32 = 1 << 24
  /// The largest magnitude of an amount: 4.
  static let greatestAmount: Int32 = 1 << 14

  /// Values in a row.
  public let channels: Int

  /// The layout for rows of `channels`.
  @inlinable
  public init(channels: Int) {
    self.channels = channels
  }

  /// `channels` rounded up to 16; padding entries are 0.
  @inlinable public var paddedChannels: Int { (channels &+ 15) & ~15 }
  /// Offset of the means over all talkers, as codes of the input with eight fraction bits:
  /// `256 · (mean / scale + zero point)`.
  @inlinable public var means: Int { 0 }
  /// Offset of the amounts, Q12.
  @inlinable public var amounts: Int { paddedChannels &* 4 }
  /// Offset of the constants.
  @inlinable public var constants: Int { paddedChannels &* 8 }
  /// The size of the block.
  @inlinable public var byteCount: Int { constants &+ 64 }
}

/// The constants of a `centre` besides its means and amounts; 64 bytes with padding.
public struct CentreConstants: Equatable, Sendable, BitwiseCopyable {
  /// Allowed priors and numbers of segments.
  public static let segmentRange: ClosedRange<Int32> = 1...64

  /// Converts Q8 input steps to the output's grid: ratio `scale in / scale out / 256`; 0, or 2³⁰ up
  /// to 2³¹ − 1.
  public var mantissa: Int32
  /// Right shift of the 64-bit product, 24…62.
  public var shift: Int32
  /// Weight of the mean over all talkers, in past segments.
  public var prior: Int32
  /// How many past segments count; older ones fade.
  public var segments: Int32

  /// Constants as the fields describe them.
  public init(mantissa: Int32, shift: Int32, prior: Int32, segments: Int32) {
    self.mantissa = mantissa
    self.shift = shift
    self.prior = prior
    self.segments = segments
  }
}

/// Layout of an attention pooling's block.
public enum AttentionLayout {
  /// Offset of the 256 uint32 weights: that of score code q is at index q + 128,
  /// `max(1, round(exp(scale · (q − 127)) · (2³² − 1)))`, so they never decrease and the last is
  /// 2³² − 1.
  public static let weights = 0
  /// Offset of the `PoolConstants`.
  public static let constants = 1024
  /// The size of the block.
  public static let byteCount = 1088
}

/// The constants of an LSTM besides its matrices; 64 bytes with padding.
public struct LSTMConstants: Equatable, Sendable, BitwiseCopyable {
  /// Number of fraction bits of the int16 cell: `15 − ⌈log2(2 · max |c|)⌉`, in 0…15.
  public var cellFractionBits: Int32
  /// Converts the product of output gate and tanh of the cell, Q0.30, to the output's int8 grid:
  /// ratio 2⁻³⁰ / scale.
  public var mantissa: Int32
  /// The shift that goes with `mantissa`.
  public var shift: Int32

  /// Constants as the fields describe them.
  public init(cellFractionBits: Int32, mantissa: Int32, shift: Int32) {
    self.cellFractionBits = cellFractionBits
    self.mantissa = mantissa
    self.shift = shift
  }
}

/// How two int8 grids are added; 64 bytes with padding.
///
/// `out = zeroPoint + ((q₀ − z₀) · first + (q₁ − z₁) · second + half) >> shift`, saturated: one
/// rounding.
public struct AddConstants: Equatable, Sendable, BitwiseCopyable {
  /// `scale₀ / scale · 2^shift`, in 0…2²¹.
  public var first: Int32
  /// `scale₁ / scale · 2^shift`, in 0…2²¹.
  public var second: Int32
  /// In 1…30.
  public var shift: Int32

  /// Constants as the fields describe them.
  public init(first: Int32, second: Int32, shift: Int32) {
    self.first = first
    self.second = second
    self.shift = shift
  }
}

/// How each input of a concatenation is converted to the output's grid; 64 bytes with padding.
///
/// `out = zeroPoint + rescaled(q − z)`; equal grids have mantissa 2³⁰ and shift 30, which changes
/// nothing.
public struct ConcatenateConstants: Equatable, Sendable, BitwiseCopyable {
  /// One per input; 0 for unused inputs.
  public var mantissas: SIMD4<Int32>
  /// One per input; 62 for unused inputs.
  public var shifts: SIMD4<Int32>

  /// Constants as the fields describe them.
  public init(mantissas: SIMD4<Int32>, shifts: SIMD4<Int32>) {
    self.mantissas = mantissas
    self.shifts = shifts
  }
}

/// How a pooled value, in Q16 of the input's steps, is converted to the output's grid: ratio
/// `scale in / scale out / 65536`; 64 bytes with padding.
public struct PoolConstants: Equatable, Sendable, BitwiseCopyable {
  /// 0, or 2³⁰ up to 2³¹ − 1.
  public var mantissa: Int32
  /// Right shift of the 64-bit product, 24…62.
  public var shift: Int32

  /// Constants as the fields describe them.
  public init(mantissa: Int32, shift: Int32) {
    self.mantissa = mantissa
    self.shift = shift
  }
}
