/// A graph as stored in a model file: records and weights, used in place and never changed.
///
/// Tensor 0 is the input, operator i computes tensor i + 1 from earlier ones, and the last operator
/// computes the logits. The memory must outlive everything made from the program. `check()` must
/// pass before a `Graph` is made: the kernels rely on everything that it checks.
public struct Program: BitwiseCopyable {
  /// In order of execution.
  public var operators: UnsafeBufferPointer<Operator>
  /// One more than operators.
  public var tensors: UnsafeBufferPointer<Tensor>
  /// Parameter blocks, aligned to 64 bytes.
  public var weights: UnsafeRawBufferPointer

  /// A program over records and weights, which the caller keeps alive.
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

  /// Length of the longest window if only windows read the input; otherwise 0. Such a network keeps
  /// no state but its last rows.
  public var windowLength: Int { Program.windowLength(of: operators) }

  /// How many past segments of a talker count in centring, the most of any operator; 0 without
  /// centring. The program must have been checked.
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

  /// Number of logits of a decision.
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
