import Inference

/// What conversion did to a model, for people and for a gate.
public struct QuantizationReport: Sendable {
  /// One operator and the tensor that it makes.
  public struct Layer: Sendable {
    /// The nodes that it was made of: `conv1+bn1+relu1`.
    public let name: String
    /// What it computes.
    public let operation: String
    /// Values in a row of its output.
    public let channels: Int
    /// Input frames per row of its output; 0 for one row per decision.
    public let rate: Int
    /// Grid of its output; nil for the logits, which have none.
    public let grid: TensorGrid?
    /// Signal to quantization noise of its output over the calibration contexts, in dB.
    public let signalToNoise: Double
    /// Signal to quantization noise of its weights, in dB; nil without weights.
    public let weightSignalToNoise: Double?
    /// How many weights and biases it has.
    public let parameterCount: Int
    /// Multiplications per row of its output.
    public let multiplications: Int
    /// The distribution of its float output.
    public let activations: ActivationHistogram
    /// How often each weight code from −127 to 127 occurs; empty without weights.
    public let weightCodes: [Int]
  }

  /// A logit of one decision, as the float network and as the int8 one made it.
  public struct LogitPair: Sendable {
    /// Natural logarithms, less the mean over the decision's classes.
    public let float: Double
    /// Likewise.
    public let integer: Double
  }

  /// What the model calls itself.
  public var name: String
  /// SHA-256 of the file, in hexadecimal.
  public var identifier: String
  /// Bytes of the file.
  public var fileSize: Int
  /// Bytes that one stream takes while it runs; nil of a detector, which runs within a model.
  public var arenaSize: Int?
  /// Clips in which speech was found.
  public var clips: Int
  /// Contexts judged: each is one decision.
  public var contexts: Int
  /// Frames in them.
  public var frames: Int
  /// All operators, in order.
  public var layers: [Layer]
  /// Share of contexts whose most likely label is the same, 0 … 1.
  public var agreement: Double
  /// Signal to quantization noise of the logits, the mean of each decision removed, in dB.
  public var logitSignalToNoise: Double
  /// Some thousand logits at most, for a picture.
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
