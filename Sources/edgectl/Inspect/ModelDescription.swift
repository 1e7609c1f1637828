import Acoustics
import FixedPoint
import Inference
import JSON
import ModelFile
import Recognition

/// A model as people and programs want to read about it.
struct ModelDescription {
  let path: String
  let identifier: String
  let card: JSONObject
  let classes: [(name: String, label: String)]
  let frontEnd: FrontEndDefinition
  let recognition: RecognitionParameters
  /// How many past segments the talker's bias is averaged over, in effect; 0 where there is none.
  let biasSegments: Int
  /// What logits are multiplied by once the talker is known.
  let knownTalkerGain: Double
  /// How many past segments count for what the network centres; 0 where it centres nothing.
  let centreSegments: Int
  /// The network that hears speech, where one does.
  let detectorNetwork: (weightBytes: Int, multiplications: Int)?
  /// The network that judges.
  let network: NetworkDescription
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
    biasSegments = Int(model.recognition.bias?.segments ?? 0)
    knownTalkerGain = Double(model.recognition.knownTalkerGain.factor) / 0x1p16
    detectorNetwork = model.detector.map { detector in
      let program = detector.tables.program
      let work = program.multiplicationsPerFrame + Double(program.multiplicationsPerDecision)
      return (program.weights.count, Int(work.rounded()))
    }
    centreSegments = program.centreSegments
    network = NetworkDescription(program)
    knownFrames = model.knownAnswer.frameCount
    plan = MemoryPlan(model)
  }

  /// The length of `frames` in milliseconds.
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
  /// What they would take if none shared any.
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
    total = model.streamBytes
  }
}
