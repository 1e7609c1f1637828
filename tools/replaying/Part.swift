import Inference

/// What a digest is kept of: a group of values of the raw vector, a group of the network's inputs,
/// an operator, or the scores.
enum Part {
  /// The front end's groups in the order of a raw vector, then the feature map's in the order of
  /// its columns.
  enum Feature: Int {
    case bands, level, voice, zeroCrossings, rootMeanSquare, chroma, contrast, tonnetz
    case coefficients, melColumns, directColumns, relativeColumns, slopes, slopesOfSlopes

    var name: StaticString {
      switch self {
      case .bands: "mel bands"
      case .level: "level"
      case .voice: "voice features"
      case .zeroCrossings: "zero crossings"
      case .rootMeanSquare: "root mean square"
      case .chroma: "chroma"
      case .contrast: "spectral contrast"
      case .tonnetz: "tonnetz"
      case .coefficients: "cepstral coefficients, int8"
      case .melColumns: "mel bands, int8"
      case .directColumns: "other extras, int8"
      case .relativeColumns: "coefficients less running means, int8"
      case .slopes: "deltas, int8"
      case .slopesOfSlopes: "delta-deltas, int8"
      }
    }
  }

  /// Digests of features.
  static var featureCount: Int { Feature.slopesOfSlopes.rawValue + 1 }
  /// The digest of the softmax, behind those of features and operators.
  static var scores: Int { index(of: .centre) + 1 }
  /// How many digests there are.
  static var count: Int { scores + 1 }

  static func index(of kind: OperatorKind) -> Int { featureCount + Int(kind.rawValue) - 1 }

  /// What digest `index` is of.
  static func name(_ index: Int) -> StaticString {
    if index == scores { return "softmax" }
    if let feature = Feature(rawValue: index) { return feature.name }
    switch OperatorKind(rawValue: UInt32(index - featureCount + 1)) {
    case .conv1D: return "conv1D"
    case .maxPool1D: return "maxPool1D"
    case .dense: return "dense"
    case .lstm: return "lstm"
    case .affine: return "affine"
    case .add: return "add"
    case .concatenate: return "concatenate"
    case .attentionPool: return "attentionPool"
    case .meanPool: return "meanPool"
    case .statisticsPool: return "statisticsPool"
    case .globalMaxPool: return "globalMaxPool"
    case .logits: return "logits"
    case .window: return "window"
    case .conv2D: return "conv2D"
    case .depthwise2D: return "depthwise2D"
    case .maxPool2D: return "maxPool2D"
    case .averagePool2D: return "averagePool2D"
    case .pack: return "pack"
    case .lastRow: return "lastRow"
    case .simpleRNN: return "simpleRNN"
    case .centre: return "centre"
    default: return "unknown"
    }
  }
}
