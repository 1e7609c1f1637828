import Acoustics
import Inference
import JSON
import Recognition
import Reference

/// A trained network as training left it, with everything that belongs to it: features,
/// segmentation, labels, provenance.
///
/// Read from a `model.bin`; layouts and gate orders of frameworks are already converted to those of
/// `OperatorParameters`.
public struct FloatModel: Sendable {
  /// A class of the network and the word of the vocabulary that it maps to.
  public struct Class: Equatable, Sendable {
    /// The network's own name for it.
    public let name: String
    /// One of the vocabulary's emotions.
    public let label: String

    /// A class called `name` that is published as `label`.
    public init(name: String, label: String) {
      self.name = name
      self.label = label
    }
  }

  /// The statistics for the talker's bias: `TalkerBiasTables` before rounding.
  public struct Bias: Equatable, Sendable {
    /// Effective number of past segments in the mean; older ones fade.
    public var segments: Int
    /// Weight of a zero bias, in segments.
    public var prior: Int
    /// σ² of the logits of a class, before the temperature.
    public var variance: Double
    /// For each true class, the mean logits of all classes, before the temperature.
    public var means: [Double]
  }

  /// The model's name for itself.
  public var name: String
  /// From samples to coefficients.
  public var frontEnd: FrontEndDefinition
  /// Mean of each column of the network's input over the training speech, after subtraction of the
  /// talker's baseline.
  public var means: [Double]
  /// Standard deviation of each column, likewise.
  public var deviations: [Double]
  /// How speech is segmented.
  public var recognition: RecognitionParameters
  /// g of the talker's baseline: the corpus mean of the raw vector; natural logarithms for the
  /// bands.
  public var corpusMean: [Double]
  /// The statistics for the talker's bias; nil if logits are not corrected.
  public var bias: Bias?
  /// The network.
  public var graph: FloatGraphDescription
  /// In the order of the logits.
  public var classes: [Class]
  /// Logits are divided by this before the softmax, where the talker is unknown.
  public var temperature: Double
  /// The same where the talker is known.
  public var knownTemperature: Double
  /// When a frame counts as speech, for a network that detects speech; nil for one that judges
  /// emotions.
  public var detector: NetworkDetector.Parameters?
  /// Where it comes from: data, licence, split, accuracy, languages, date, tool. Copied to the
  /// model card unchanged.
  public var provenance: JSONValue

  /// From raw vectors to the network's inputs.
  var featureMap: FloatFeatureMap {
    FloatFeatureMap(frontEnd, means: means, deviations: deviations)
  }
}

/// A float graph: operators, the tensors between them, their parameters, and names for people.
public struct FloatGraphDescription: Sendable {
  /// In the order they run; operator i makes tensor i + 1.
  public var operators: [Operator]
  /// One more than operators: the first is the input.
  public var tensors: [Tensor]
  /// One for each operator.
  public var parameters: [OperatorParameters]
  /// One for each operator.
  public var names: [String]

  /// A graph with only an input of `channels`.
  public init(inputChannels channels: Int) {
    operators = []
    tensors = [Tensor(channels: Int32(channels), rate: 1)]
    parameters = []
    names = []
  }

  /// Rows of each tensor in a decision; 0 for those along time.
  var rowCounts: [Int] {
    var counts = [0]
    for (index, step) in operators.enumerated() {
      let rows = counts[Int(step.inputs[0])]
      switch (step.kind, parameters[index]) {
      case (.window, _): counts.append(Int(step.kernel))
      case (_, .plane(let geometry, _, _)), (_, .planePool(let geometry)):
        counts.append(geometry.outputs(0, of: rows))
      case (_, .pack(let widths)):
        counts.append(rows * widths.reduce(0, +) / Int(tensors[index + 1].channels))
      case (.attentionPool, _), (.meanPool, _), (.statisticsPool, _), (.globalMaxPool, _),
        (.lastRow, _):
        counts.append(1)
      default:
        counts.append(rows)
      }
    }
    return counts
  }

  /// Appends an operator whose output is `tensor`; returns the tensor's index.
  @discardableResult
  public mutating func append(
    _ operation: Operator, output tensor: Tensor, parameters: OperatorParameters, name: String
  ) -> Int32 {
    var operation = operation
    operation.output = Int32(tensors.count)
    operators.append(operation)
    tensors.append(tensor)
    self.parameters.append(parameters)
    names.append(name)
    return operation.output
  }
}
