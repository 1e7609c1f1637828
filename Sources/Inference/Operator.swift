/// One step of a graph: the operation, its tensors and its parameters.
///
/// Stored in the model file as in memory, little-endian, 64 bytes:
///
/// | offset | type | field |
/// |---|---|---|
/// | 0 | 4 × int32 | `inputs` |
/// | 16 | uint32 | `code` |
/// | 20 | uint32 | `flags` |
/// | 24 | int32 | `output` |
/// | 28 | int32 | `kernel` |
/// | 32 | int32 | `stride` |
/// | 36 | int32 | `dilation` |
/// | 40 | int32 | `inputCount` |
/// | 44 | int32 | `reserved` |
/// | 48 | uint64 | `parameters` |
/// | 56 | uint64 | `parameterBytes` |
///
/// The same record describes the float graph; its parameters are then stored beside it and the last
/// two fields are 0.
public struct Operator: Equatable, Sendable, BitwiseCopyable {
  /// Tensor indices; unused places hold −1.
  public var inputs: SIMD4<Int32>
  /// Raw value of `kind`, which this version may not know.
  public var code: UInt32
  /// `Operator.relu` or 0; no other flags exist yet.
  public var flags: UInt32
  /// Tensor index, always the operator's own index plus one: tensor 0 is the input.
  public var output: Int32
  /// Rows seen by a convolution over time, a pooling or a window, the number of groups of a pack; 1
  /// for others. Convolutions and poolings over planes keep theirs in their block.
  public var kernel: Int32
  /// Rows from one output to the next of a convolution or pooling; 1 for others.
  public var stride: Int32
  /// Rows between two taps of a convolution; 1 for others.
  public var dilation: Int32
  /// How many of `inputs` are used, 1 to 4.
  public var inputCount: Int32
  /// Always 0.
  public var reserved: Int32 = 0
  /// Offset of the operator's block in the weights section, a multiple of 64.
  public var parameters: UInt64
  /// The size of the block, a multiple of 64, exactly as its layout computes it; 0 without a block.
  public var parameterBytes: UInt64

  /// `flags` bit: the output is clamped to real zero and above (ReLU). For convolutions, dense,
  /// affine, add and centre.
  public static let relu: UInt32 = 1

  /// The operation, or nil for one that this version does not know.
  public var kind: OperatorKind? { OperatorKind(rawValue: code) }

  /// Whether the output is clamped to real zero and above.
  public var hasRelu: Bool { flags & Operator.relu != 0 }

  /// An operator of `kind` from `inputs` (unused places −1) to `output`, as the fields describe
  /// them.
  public init(
    _ kind: OperatorKind, inputs: SIMD4<Int32>, output: Int32, kernel: Int32 = 1, stride: Int32 = 1,
    dilation: Int32 = 1, relu: Bool = false, parameters: UInt64 = 0, parameterBytes: UInt64 = 0
  ) {
    self.inputs = inputs
    self.output = output
    self.kernel = kernel
    self.stride = stride
    self.dilation = dilation
    self.parameters = parameters
    self.parameterBytes = parameterBytes
    code = kind.rawValue
    flags = relu ? Operator.relu : 0
    inputCount = 0
    for place in 0..<4 where inputs[place] >= 0 { inputCount += 1 }
  }

  /// An operator with one input.
  public init(
    _ kind: OperatorKind, input: Int32, output: Int32, kernel: Int32 = 1, stride: Int32 = 1,
    dilation: Int32 = 1, relu: Bool = false, parameters: UInt64 = 0, parameterBytes: UInt64 = 0
  ) {
    self.init(
      kind, inputs: SIMD4(input, -1, -1, -1), output: output, kernel: kernel, stride: stride,
      dilation: dilation, relu: relu, parameters: parameters, parameterBytes: parameterBytes)
  }
}
