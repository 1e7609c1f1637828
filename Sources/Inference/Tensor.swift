/// What flows along one edge of a graph: rows of `channels` int8 codes.
///
/// A code `q` stands for the real value `scale · (q − zeroPoint)`. Rows are dense: `channels` bytes
/// each, no padding.
///
/// Stored in the model file as in memory, little-endian, 16 bytes:
///
/// | offset | type | field |
/// |---|---|---|
/// | 0 | int32 | `channels` |
/// | 4 | int32 | `rate` |
/// | 8 | float32 | `scale` |
/// | 12 | int32 | `zeroPoint` |
public struct Tensor: Equatable, Sendable, BitwiseCopyable {
  /// Values in a row, at least 1.
  public var channels: Int32
  /// Input frames per row: 1 for the features, 2 after one stride or pooling of two, …; 0 for what
  /// exists once per decision (everything after the pooling over time).
  public var rate: Int32
  /// The real value of one step, positive and finite. Unused in a float graph, where it is 1.
  public var scale: Float
  /// The code of real zero, in −128…127. In a float graph it is 0.
  public var zeroPoint: Int32

  /// A tensor of `channels` values per row, with the rate and the int8 grid as the fields describe
  /// them.
  public init(channels: Int32, rate: Int32, scale: Float = 1, zeroPoint: Int32 = 0) {
    self.channels = channels
    self.rate = rate
    self.scale = scale
    self.zeroPoint = zeroPoint
  }
}
