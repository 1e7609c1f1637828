/// How the kernel of a convolution or pooling moves over a plane: the rows of a window, each of
/// `columns` places with the same number of features.
///
/// A tensor of R rows is a plane R × `columns` with `channels / columns` features at every place,
/// row by row, place by place, features together; one column is a sequence over time. All pairs are
/// (rows, columns). Output place (r, c) sees the places
/// `(r, c) · stride − before + tap · dilation`, taps from 0 to `kernel` − 1; there are `(n + before
/// + after − ((kernel − 1) · dilation + 1)) / stride + 1` of them along each axis, rounded down.
///
/// Lies at the start of a parameter block, little-endian, 64 bytes with padding:
///
/// | offset | type | field |
/// |---|---|---|
/// | 0 | 2 × int32 | `kernel` |
/// | 8 | 2 × int32 | `stride` |
/// | 16 | 2 × int32 | `dilation` |
/// | 24 | 2 × int32 | `before` |
/// | 32 | 2 × int32 | `after` |
/// | 40 | int32 | `columns` |
public struct PlaneGeometry: Equatable, Sendable, BitwiseCopyable {
  /// Taps, 1…`limit` each.
  public var kernel: SIMD2<Int32>
  /// Places from one output to the next, 1…`limit`.
  public var stride: SIMD2<Int32>
  /// Places between two taps, 1…`limit`; 1 for poolings.
  public var dilation: SIMD2<Int32>
  /// Places of padding before the plane, less than the kernel's span.
  public var before: SIMD2<Int32>
  /// Places of padding after the plane, less than the kernel's span.
  public var after: SIMD2<Int32>
  /// Places in a row of the input, a divisor of its channels.
  public var columns: Int32

  /// The largest kernel, stride and dilation.
  public static let limit: Int32 = 1024

  /// A geometry as the fields describe it.
  public init(
    columns: Int32 = 1, kernel: SIMD2<Int32>, stride: SIMD2<Int32> = .one,
    dilation: SIMD2<Int32> = .one, before: SIMD2<Int32> = .zero, after: SIMD2<Int32> = .zero
  ) {
    self.columns = columns
    self.kernel = kernel
    self.stride = stride
    self.dilation = dilation
    self.before = before
    self.after = after
  }

  /// How many places the kernel spans along an axis (0 rows, 1 columns).
  @inlinable
  public func extent(_ axis: Int) -> Int {
    (Int(kernel[axis]) &- 1) &* Int(dilation[axis]) &+ 1
  }

  /// Outputs along an axis of `count` places, 0 if the padded axis is shorter than the kernel's
  /// span.
  @inlinable
  public func outputs(_ axis: Int, of count: Int) -> Int {
    let room = count &+ Int(before[axis]) &+ Int(after[axis]) &- extent(axis)
    return room < 0 ? 0 : room / Int(stride[axis]) &+ 1
  }

  /// Places in a row of the output.
  @inlinable public var outputColumns: Int { outputs(1, of: Int(columns)) }

  /// Taps per output.
  @inlinable public var taps: Int { Int(kernel[0]) &* Int(kernel[1]) }

  /// The most taps allowed, so that their sum of codes fits into 32 bits.
  public static let maximumTaps = 65_536

  /// Bytes at the start of a block.
  public static let byteCount = 64
}
