import Inference

/// The int8 grid of a tensor: `real = scale · (code − zeroPoint)`.
public struct TensorGrid: Equatable, Sendable {
  /// The real value of one step. A `Float`, as in the file; all arithmetic uses its exact value.
  public let scale: Float
  /// The code of real zero.
  public let zeroPoint: Int32

  /// The grid of the network's input: six deviations on either side of zero span −127…127.
  public static let features = TensorGrid(
    scale: Float(6.0 / 127), zeroPoint: 0)

  /// A placeholder for logits, which have no int8 codes.
  public static let none = TensorGrid(scale: 1, zeroPoint: 0)

  /// A grid as given.
  public init(scale: Float, zeroPoint: Int32) {
    self.scale = scale
    self.zeroPoint = zeroPoint
  }

  /// The grid whose 256 codes span `range` and represent zero exactly, which shifts the ends by up
  /// to half a step.
  public init(covering range: ClosedRange<Double>) {
    let lower = min(range.lowerBound, 0)
    let upper = max(range.upperBound, 0)
    let step = Float((upper - lower) / 255)
    // A tensor that is always, or almost, zero has no scale of its own; any will do.
    scale = step >= .leastNormalMagnitude ? step : 1 / 255
    zeroPoint = Int32((-128 - lower / Double(scale)).rounded())
  }

  /// The real value of a code.
  public func real(_ code: Int8) -> Double { Double(scale) * Double(Int32(code) - zeroPoint) }
}
