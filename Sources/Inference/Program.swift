/// A graph as it lies in a model file: records and weights, used where they are and never changed.
///
/// Tensor 0 is the input, operator i makes tensor i + 1 from earlier ones, the last operator makes
/// the logits. The memory must outlive everything made from the program. `check()` must have passed
/// before a `Graph` is made: the kernels assume all that it assures.
public struct Program: BitwiseCopyable {
  /// In the order they run.
  public var operators: UnsafeBufferPointer<Operator>
  /// One more than operators.
  public var tensors: UnsafeBufferPointer<Tensor>
  /// Parameter blocks, aligned to 64 bytes.
  public var weights: UnsafeRawBufferPointer

  /// A program over records and weights that somebody else keeps alive.
  public init(
    operators: UnsafeBufferPointer<Operator>, tensors: UnsafeBufferPointer<Tensor>,
    weights: UnsafeRawBufferPointer
  ) {
    self.operators = operators
    self.tensors = tensors
    self.weights = weights
  }

  /// Values in one row of features.
  public var inputChannels: Int { Int(tensors[0].channels) }

  /// Rows of the longest window when nothing but windows reads the input; else 0. Such a network
  /// keeps no state but its last rows.
  public var windowLength: Int { Program.windowLength(of: operators) }

  /// How many past segments of a talker count for what it centres, the most of any operator; 0 where
  /// it centres nothing. Of a checked program.
  public var centreSegments: Int {
    var most = 0
    for index in 0..<operators.count where operators[index].kind == .centre {
      let layout = CentreLayout(channels: Int(tensors[index + 1].channels))
      let constants = (block(of: operators[index]) + layout.constants).load(
        as: CentreConstants.self)
      most = max(most, Int(constants.segments))
    }
    return most
  }

  /// How many logits a decision has.
  public var classCount: Int { Int(tensors[tensors.count - 1].channels) }
}

extension Program {
  /// `windowLength` of a program of these operators.
  public static func windowLength(of operators: UnsafeBufferPointer<Operator>) -> Int {
    var longest = 0
    for index in 0..<operators.count {
      let step = operators[index]
      for place in 0..<4 where step.inputs[place] == 0 {
        guard step.kind == .window else { return 0 }
        longest = max(longest, Int(step.kernel))
      }
    }
    return longest
  }
}
