import Acoustics
import FixedPoint
import Inference
import JSON
import ModelFile
import Recognition

/// A model as people and programs want to read about it.
struct ModelDescription {
  /// One operator and the tensor it makes; the first is the input, without an operator.
  struct Layer {
    let operation: String
    let inputs: [Int]
    let tensor: Tensor
    let weightBytes: Int
    let multiplications: Int
    let stateBytes: Int
    let activation: Activation
  }

  /// Where the rows of a tensor lie, and when.
  struct Activation {
    /// Room for so many: of one call along time, of a decision otherwise.
    let rows: Int
    let offset: Int
    let bytes: Int
    /// The operators, by their number in the table of layers, from the one that makes it to the last that reads it.
    let life: ClosedRange<Int>

    init(_ index: Int, _ plan: ActivationPlan, of program: Program) {
      rows = plan.rowCount(index)
      offset = plan.offset(index)
      bytes = plan.byteCount(index, of: program)
      let operators = plan.life(index)
      life = operators.lowerBound + 1...operators.upperBound + 1
    }
  }

  let path: String
  let identifier: String
  let card: JSONObject
  let classes: [(name: String, label: String)]
  let frontEnd: FrontEndDefinition
  let recognition: RecognitionParameters
  /// The network that hears speech, where one does.
  let network: (weightBytes: Int, multiplications: Int)?
  let layers: [Layer]
  let weightBytes: Int
  let multiplicationsPerFrame: Double
  let multiplicationsPerDecision: Int
  let plan: MemoryPlan
  let knownFrames: Int

  init(_ loaded: LoadedModel) {
    let model = loaded.model
    let program = model.program
    path = loaded.path
    identifier = model.identifier
    card = loaded.card
    classes = model.labels.map { ($0.name, $0.label) }
    frontEnd = model.frontEnd.definition
    recognition = model.recognition.parameters
    network = model.detector.map { detector in
      let program = detector.tables.program
      let work = program.multiplicationsPerFrame + Double(program.multiplicationsPerDecision)
      return (program.weights.count, Int(work.rounded()))
    }
    weightBytes = program.weights.count
    multiplicationsPerFrame = program.multiplicationsPerFrame
    multiplicationsPerDecision = program.multiplicationsPerDecision
    knownFrames = model.knownAnswer.frameCount
    plan = MemoryPlan(model)
    let activations = ActivationPlan(program)
    let input = Layer(
      operation: "input", inputs: [], tensor: program.tensors[0], weightBytes: 0,
      multiplications: 0, stateBytes: 0, activation: Activation(0, activations, of: program))
    layers =
      [input]
      + program.operators.indices.map { index in
        let step = program.operators[index]
        return Layer(
          operation: step.words, inputs: (0..<Int(step.inputCount)).map { Int(step.inputs[$0]) },
          tensor: program.tensors[index + 1], weightBytes: Int(step.parameterBytes),
          multiplications: program.multiplications(ofOperator: index),
          stateBytes: Graph.stateBytes(ofOperator: index, in: program),
          activation: Activation(index + 1, activations, of: program))
      }
  }

  /// Milliseconds of so many frames.
  func milliseconds(_ frames: Int32) -> Int {
    Int(frames) * Int(frontEnd.hop) * 1000 / Int(frontEnd.sampleRate)
  }
}

/// The memory that one stream takes when it starts, in bytes; nothing is taken afterwards.
struct MemoryPlan {
  let frontEnd: Int
  let features: Int
  let networkRows: Int
  /// Of the network's rows, those of tensors, which share bytes.
  let activations: Int
  /// What they would take if none did.
  let activationsApart: Int
  let networkState: Int
  let total: Int

  /// Segmentation, history and the talker's baseline: what is left of the total.
  var segmentation: Int { total - frontEnd - features - networkRows - networkState }

  init(_ model: Model) {
    let program = model.program
    networkRows = Graph.sharedBytes(of: program)
    activations = ActivationPlan(program).byteCount
    activationsApart = ActivationPlan(program, reuse: false).byteCount
    networkState = program.operators.indices.reduce(0) {
      $0 + Graph.stateBytes(ofOperator: $1, in: program)
    }
    var features = Arena.counting()
    _ = FeatureMap(model.features, arena: &features)
    self.features = features.used
    var frontEnd = Arena.counting()
    _ = FrontEnd(model.frontEnd, arena: &frontEnd)
    self.frontEnd = frontEnd.used
    var total = Arena.counting()
    let network = IntegerClassifier(model.features, program: program, arena: &total)
    _ = Recognizer(
      model.recognition, frontEnd: model.frontEnd, network: network, arena: &total)
    self.total = total.used
  }
}
