/// Where things lie in the block of a recurrent layer: input matrix, recurrent matrix, constants.
public struct RecurrentLayout: Equatable, Sendable {
  /// gates·hidden × channels in.
  public let input: MatrixLayout
  /// gates·hidden × hidden.
  public let recurrent: MatrixLayout

  /// The layout for `hidden` units over rows of `channels`: four gates of an LSTM, one of a simple
  /// layer.
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

/// Where things lie in the block of an `affine`: three int32 arrays of `channels` rounded up to 16.
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

/// Where things lie in the block of a `centre`: two int32 arrays of `channels` rounded up to 16, then
/// a `CentreConstants` record.
public struct CentreLayout: Equatable, Sendable {
  /// The greatest magnitude of a mean: 256 times what int8 reaches over.
  public static let greatestMean: Int32 = 1 << 24
  /// The greatest magnitude of an amount: 4.
  public static let greatestAmount: Int32 = 1 << 14

  /// Values in a row.
  public let channels: Int

  /// The layout for rows of `channels`.
  @inlinable
  public init(channels: Int) {
    self.channels = channels
  }

  /// `channels` rounded up to 16; padding entries are 0.
  @inlinable public var paddedChannels: Int { (channels &+ 15) & ~15 }
  /// Offset of the means over everybody, as codes of the input with eight more bits: `256 · (mean /
  /// scale + zero point)`.
  @inlinable public var means: Int { 0 }
  /// Offset of the amounts, Q12.
  @inlinable public var amounts: Int { paddedChannels &* 4 }
  /// Offset of the constants.
  @inlinable public var constants: Int { paddedChannels &* 8 }
  /// The size of the block.
  @inlinable public var byteCount: Int { constants &+ 64 }
}

/// What a `centre` needs besides its means and amounts; 64 bytes with padding.
public struct CentreConstants: Equatable, Sendable, BitwiseCopyable {
  /// What priors and numbers of segments can be.
  public static let segmentRange: ClosedRange<Int32> = 1...64

  /// Takes Q8 input steps to the output's grid: ratio `scale in / scale out / 256`; 0, or 2³⁰ up to
  /// 2³¹ − 1.
  public var mantissa: Int32
  /// How far the 64-bit product goes right, 24…62.
  public var shift: Int32
  /// As how many past segments the mean over everybody counts.
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

/// Where things lie in the block of an attention pooling.
public enum AttentionLayout {
  /// Offset of the 256 uint32 weights: of score code q at q + 128,
  /// `max(1, round(exp(scale · (q − 127)) · (2³² − 1)))`, so never decreasing, the last one 2³² −
  /// 1.
  public static let weights = 0
  /// Offset of the `PoolConstants`.
  public static let constants = 1024
  /// The size of the block.
  public static let byteCount = 1088
}

/// What an LSTM needs besides its matrices; 64 bytes with padding.
public struct LSTMConstants: Equatable, Sendable, BitwiseCopyable {
  /// How many bits of the int16 cell are fraction: `15 − ⌈log2(2 · max |c|)⌉`, in 0…15.
  public var cellFractionBits: Int32
  /// Takes the product of output gate and tanh of the cell, Q0.30, to the output's int8 grid: ratio
  /// 2⁻³⁰ / scale.
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

/// How two int8 grids meet in a sum; 64 bytes with padding.
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

/// How each input of a concatenation reaches the output's grid; 64 bytes with padding.
///
/// `out = zeroPoint + rescaled(q − z)`; equal grids have mantissa 2³⁰ and shift 30, which changes
/// nothing.
public struct ConcatenateConstants: Equatable, Sendable, BitwiseCopyable {
  /// Of each input; 0 for places without one.
  public var mantissas: SIMD4<Int32>
  /// Of each input; 62 for places without one.
  public var shifts: SIMD4<Int32>

  /// Constants as the fields describe them.
  public init(mantissas: SIMD4<Int32>, shifts: SIMD4<Int32>) {
    self.mantissas = mantissas
    self.shifts = shifts
  }
}

/// How a pooled value, in Q16 of the input's steps, reaches the output's grid: ratio
/// `scale in / scale out / 65536`; 64 bytes with padding.
public struct PoolConstants: Equatable, Sendable, BitwiseCopyable {
  /// 0, or 2³⁰ up to 2³¹ − 1.
  public var mantissa: Int32
  /// How far the 64-bit product goes right, 24…62.
  public var shift: Int32

  /// Constants as the fields describe them.
  public init(mantissa: Int32, shift: Int32) {
    self.mantissa = mantissa
    self.shift = shift
  }
}
