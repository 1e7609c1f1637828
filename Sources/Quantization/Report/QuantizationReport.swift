import Inference

/// What conversion did to a model, for people and for automatic checks.
public struct QuantizationReport: Sendable {
  /// One operator and its output tensor.
  public struct Layer: Sendable {
    /// The nodes that were fused into it: `conv1+bn1+relu1`.
    public let name: String
    /// Its operation.
    public let operation: String
    /// Values in a row of its output.
    public let channels: Int
    /// Input frames per row of its output; 0 for one row per decision.
    public let rate: Int
    /// Grid of its output; nil for the logits, which have none.
    public let grid: TensorGrid?
    /// Signal-to-quantization-noise ratio of its output over the calibration contexts, in dB.
    public let signalToNoise: Double
    /// Signal-to-quantization-noise ratio of its weights, in dB; nil without weights.
    public let weightSignalToNoise: Double?
    /// Number of weights and biases.
    public let parameterCount: Int
    /// Multiplications per row of its output.
    public let multiplications: Int
    /// The distribution of its float output.
    public let activations: ActivationHistogram
    /// How often each weight code from −127 to 127 occurs; empty without weights.
    public let weightCodes: [Int]
  }

  /// One logit of a decision, from the float network and from the int8 one.
  public struct LogitPair: Sendable {
    /// From the float network: natural logarithm, less the mean over the decision's classes.
    public let float: Double
    /// From the int8 network, likewise.
    public let integer: Double
  }

  /// The model's name for itself.
  public var name: String
  /// SHA-256 of the file, in hexadecimal.
  public var identifier: String
  /// Bytes of the file.
  public var fileSize: Int
  /// Bytes that one stream takes while it runs; nil for a detector, which runs within a model.
  public var arenaSize: Int?
  /// Number of clips in which speech was found.
  public var clips: Int
  /// Number of contexts judged, each with one decision.
  public var contexts: Int
  /// Number of frames in them.
  public var frames: Int
  /// All operators, in order.
  public var layers: [Layer]
  /// Share of contexts whose most likely label is the same, 0 … 1.
  public var agreement: Double
  /// The label that the float network gives in all contexts, if it gives only one in more than a
  /// few: then agreement means nothing.
  public var onlyLabel: String?
  /// Signal-to-quantization-noise ratio of the logits, less the mean of each decision, in dB.
  public var logitSignalToNoise: Double
  /// A sample of at most a few thousand logits, for a picture.
  public var logitPairs: [LogitPair]

  /// Whether the int8 network is close enough to the float one.
  public func passes(minimumAgreement: Double, minimumSignalToNoise: Double) -> Bool {
    agreement >= minimumAgreement && logitSignalToNoise >= minimumSignalToNoise
  }

  /// Multiplications per input frame, averaged over strides.
  public var multiplicationsPerFrame: Double {
    layers.reduce(0) { $0 + ($1.rate > 0 ? Double($1.multiplications) / Double($1.rate) : 0) }
  }

  /// Multiplications per decision.
  public var multiplicationsPerDecision: Int {
    layers.reduce(0) { $0 + ($1.rate == 0 ? $1.multiplications : 0) }
  }
}
