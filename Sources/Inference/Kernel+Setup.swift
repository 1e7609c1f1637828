import FixedPoint

extension Kernel {
  /// The kernel of a checked operator. Reserves memory without writing to it.
  init(_ step: Operator, in program: Program, plan: RowPlan, arena: inout Arena) {
    switch step.kind {
    case .conv1D:
      self = .convolution(Convolution(step, in: program, plan: plan, arena: &arena))
    case .maxPool1D:
      self = .maxPooling(MaxPooling(step, in: program, plan: plan, arena: &arena))
    case .dense:
      self = .dense(Dense(step, in: program, plan: plan, arena: &arena))
    case .lstm:
      self = .lstm(LSTM(step, in: program, plan: plan, arena: &arena))
    case .affine:
      self = .affine(Affine(step, in: program, plan: plan))
    case .add:
      self = .addition(Addition(step, in: program, plan: plan))
    case .concatenate:
      self = .concatenation(Concatenation(step, in: program, plan: plan))
    case .attentionPool:
      self = .attentionPooling(AttentionPooling(step, in: program, plan: plan, arena: &arena))
    case .meanPool:
      self = .meanPooling(MeanPooling(step, in: program, plan: plan, arena: &arena))
    case .statisticsPool:
      self = .statisticsPooling(StatisticsPooling(step, in: program, plan: plan, arena: &arena))
    case .globalMaxPool:
      self = .globalMaxPooling(GlobalMaxPooling(step, in: program, plan: plan, arena: &arena))
    case .logits:
      self = .logits(Logits(step, in: program, plan: plan, arena: &arena))
    case .window:
      self = .window(Window(step, in: program, plan: plan, arena: &arena))
    case .conv2D:
      self = .planeConvolution(PlaneConvolution(step, in: program, plan: plan, arena: &arena))
    case .depthwise2D:
      self = .depthwiseConvolution(
        DepthwiseConvolution(step, in: program, plan: plan, arena: &arena))
    case .maxPool2D, .averagePool2D:
      self = .planePooling(PlanePooling(step, in: program, plan: plan))
    case .pack:
      self = .packing(Packing(step, in: program, plan: plan))
    case .lastRow:
      self = .lastRow(LastRow(step, in: program, plan: plan, arena: &arena))
    case .simpleRNN:
      self = .simpleRNN(SimpleRNN(step, in: program, plan: plan, arena: &arena))
    case .centre:
      self = .centring(Centring(step, in: program, plan: plan, arena: &arena))
    case .batchNorm, .relu, nil:
      preconditionFailure("the program was not checked")
    }
  }
}

extension Program {
  /// Where the parameter block of `step` starts.
  func block(of step: Operator) -> UnsafeRawPointer {
    weights.baseAddress! + Int(step.parameters)
  }
}
