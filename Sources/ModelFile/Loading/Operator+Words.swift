import Inference

extension Operator {
  /// The operation and its attributes, for a table: “conv k5 s2 relu”.
  public var words: String {
    var words = kind?.words ?? "unknown \(code)"
    if kernel > 1 { words += " k\(kernel)" }
    if stride > 1 { words += " s\(stride)" }
    if dilation > 1 { words += " d\(dilation)" }
    if hasRelu { words += " relu" }
    return words
  }
}

extension OperatorKind {
  /// The operation's name.
  public var words: String {
    switch self {
    case .conv1D: "conv"
    case .maxPool1D: "max pool"
    case .dense: "dense"
    case .lstm: "lstm"
    case .affine: "affine"
    case .add: "add"
    case .concatenate: "concat"
    case .attentionPool: "attention pool"
    case .meanPool: "mean pool"
    case .statisticsPool: "statistics pool"
    case .globalMaxPool: "global max pool"
    case .logits: "logits"
    case .window: "window"
    case .conv2D: "conv 2-D"
    case .depthwise2D: "depthwise conv"
    case .maxPool2D: "max pool 2-D"
    case .averagePool2D: "average pool"
    case .pack: "pack"
    case .lastRow: "last row"
    case .simpleRNN: "simple rnn"
    case .centre: "centre"
    case .batchNorm: "batch norm"
    case .relu: "relu"
    }
  }
}
