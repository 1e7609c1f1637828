/// Why a program cannot run. Every case names its place: the index of an operator, a tensor, or an
/// output of an operator.
///
/// A file that passed its checksum and fails here was written by a faulty converter or by another
/// version.
public enum ProgramProblem: Error, Equatable, Sendable {
  /// No operators, or more than `Program.maximumOperators`.
  case operatorCount(Int)
  /// The number of tensors is not that of the operators plus one.
  case tensorCount(Int, operators: Int)
  /// The weights section is not at a multiple of 64 bytes in memory.
  case weightsNotAligned
  /// Channels outside 1…65536.
  case channels(tensor: Int, Int32)
  /// A rate that does not follow from the operators; for the input, one other than 1.
  case rate(tensor: Int, Int32, expected: Int)
  /// A scale that is not positive and finite.
  case scale(tensor: Int)
  /// A zero point outside −128…127.
  case zeroPoint(tensor: Int, Int32)

  /// A kind that this version does not know.
  case unknownKind(operator: Int, UInt32)
  /// A kind that exists only in float graphs.
  case floatOnly(operator: Int, OperatorKind)
  /// Flags or reserved fields that this version does not know, or a ReLU on a kind that has none.
  case flags(operator: Int)
  /// A number of inputs that the kind does not take, or unused inputs that are not −1.
  case inputCount(operator: Int)
  /// An input that is not computed before the operator runs.
  case inputOrder(operator: Int, input: Int32)
  /// The output is not the tensor after the operator's own index.
  case outputIndex(operator: Int, Int32)
  /// Kernel, stride or dilation out of range: at least 1, at most 4096, 1024 and 1024, and 1 if the
  /// kind has none.
  case window(operator: Int)
  /// Channels of inputs and output that do not match.
  case shapes(operator: Int)
  /// An operator over time on a tensor that exists once per decision, or the reverse, or inputs of
  /// different rates.
  case rates(operator: Int)
  /// A plane whose record is out of range, does not fit its tensors or leaves no output; tensors of
  /// a window with the wrong number of rows.
  case geometry(operator: Int)
  /// Inputs of one rate whose rows are not complete at the same frames, because a pooling delays
  /// one of them.
  case phases(operator: Int)
  /// Input and output of a kind that keeps the grid have different scales or zero points.
  case grids(operator: Int)
  /// The logits are not last, or not only last.
  case logitsNotLast(operator: Int)

  /// A parameter block that is not aligned, not of its layout's size, or not inside the weights
  /// section.
  case parameters(operator: Int)
  /// A weight of −128, which fast kernels cannot multiply.
  case weightOutOfRange(operator: Int, output: Int)
  /// Padding that is not zero.
  case padding(operator: Int, output: Int)
  /// A mantissa or shift out of range, or a mean or amount of a centring.
  case rescaler(operator: Int, output: Int)
  /// Weights and bias for which some input could overflow 32 bits.
  case overflow(operator: Int, output: Int)
  /// Constants out of the range that their fields say.
  case constants(operator: Int)

  /// A decision would take more than `Program.maximumWork`, reached at this operator.
  case tooMuchWork(operator: Int)
  /// The graph would need this many bytes, more than `Program.maximumArena`.
  case tooLarge(bytes: Int)
}
