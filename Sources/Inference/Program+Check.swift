import FixedPoint

extension Program {
  /// The most operators that a program may have.
  static let maximumOperators = 256
  /// The most memory that a graph may take, in bytes.
  public static let maximumArena = 64 << 20
  /// The most multiplications and comparisons per decision: about a second on a slow core.
  static let maximumWork = 1 << 32

  /// Refuses every program that the kernels could not run exactly. Checks shapes, order, rates,
  /// blocks and, for every output of every matrix, that no sum can leave 32 bits. Reads each weight
  /// once; allocates nothing.
  ///
  /// Trusts only that the three buffers are readable memory, aligned for their records.
  public func check() throws(ProgramProblem) {
    guard 1...Program.maximumOperators ~= operators.count else {
      throw .operatorCount(operators.count)
    }
    guard tensors.count == operators.count + 1 else {
      throw .tensorCount(tensors.count, operators: operators.count)
    }
    guard UInt(bitPattern: weights.baseAddress) % UInt(Arena.alignment) == 0 else {
      throw .weightsNotAligned
    }
    for index in 0..<tensors.count { try checkTensor(index) }
    guard tensors[0].rate == 1 else { throw .rate(tensor: 0, tensors[0].rate, expected: 1) }
    var rows = RowCounts(repeating: 0)
    var work = 0
    for index in 0..<operators.count {
      try checkRecord(index)
      try checkRates(index, rows)
      try checkGeometry(index, rows)
      try checkShape(index, rows)
      rows[index + 1] = Int32(self.rows(ofTensor: index + 1, rows))
      try checkRows(index, rows)
      try checkParameters(index)
      if tensors[index + 1].rate == 0 {
        work += multiplications(ofOperator: index, rows) + comparisons(ofOperator: index, rows)
      }
      guard work <= Program.maximumWork else { throw .tooMuchWork(operator: index) }
    }
    var arena = Arena.counting()
    _ = Graph(self, arena: &arena)
    guard arena.used <= Program.maximumArena else { throw .tooLarge(bytes: arena.used) }
  }

  private func checkTensor(_ index: Int) throws(ProgramProblem) {
    let tensor = tensors[index]
    guard 1...65536 ~= tensor.channels else {
      throw .channels(tensor: index, tensor.channels)
    }
    guard tensor.scale > 0, tensor.scale.isFinite else { throw .scale(tensor: index) }
    guard -128...127 ~= tensor.zeroPoint else {
      throw .zeroPoint(tensor: index, tensor.zeroPoint)
    }
  }

  /// Checks common to all kinds: known kind, existing inputs, attributes in range.
  private func checkRecord(_ index: Int) throws(ProgramProblem) {
    let step = operators[index]
    guard let kind = step.kind else { throw .unknownKind(operator: index, step.code) }
    guard kind != .batchNorm, kind != .relu else { throw .floatOnly(operator: index, kind) }
    let mayHaveRelu =
      switch kind {
      case .conv1D, .dense, .affine, .add, .conv2D, .depthwise2D, .centre: true
      default: false
      }
    guard step.flags == 0 || (step.flags == Operator.relu && mayHaveRelu), step.reserved == 0 else {
      throw .flags(operator: index)
    }
    let count: ClosedRange<Int32> =
      switch kind {
      case .add, .attentionPool: 2...2
      case .concatenate: 2...4
      default: 1...1
      }
    guard count ~= step.inputCount else { throw .inputCount(operator: index) }
    for place in 0..<4 {
      let input = step.inputs[place]
      if place < Int(step.inputCount) {
        guard 0...Int32(index) ~= input else { throw .inputOrder(operator: index, input: input) }
      } else {
        guard input == -1 else { throw .inputCount(operator: index) }
      }
    }
    guard step.output == Int32(index + 1) else {
      throw .outputIndex(operator: index, step.output)
    }
    let hasWindow = kind == .conv1D || kind == .maxPool1D
    let hasCount = hasWindow || kind == .window || kind == .pack
    guard 1...(hasCount ? 4096 : 1) ~= step.kernel, 1...(hasWindow ? 1024 : 1) ~= step.stride,
      1...(kind == .conv1D ? 1024 : 1) ~= step.dilation
    else { throw .window(operator: index) }
    guard (kind == .logits) == (index == operators.count - 1) else {
      throw .logitsNotLast(operator: index)
    }
  }
}
