import Acoustics
import Inference
import ModelFile
import Recognition

/// The contestants that measure a model, one per figure.
final class ModelContest {
  let framesPerSecond: Double
  private let loaded: LoadedModel
  private let program: Program
  private let hasExtras: Bool
  private let frontEnd: FrontEndBench
  private let cepstrum: FrontEndBench
  private let network: NetworkBench
  private let speech: PipelineBench
  private let updatedSpeech: PipelineBench
  private let silence: PipelineBench

  /// Bytes that one stream takes.
  var arenaBytes: Int { speech.arenaBytes }

  init(_ loaded: LoadedModel, variant: KernelVariant, samples: [Int16]?) {
    self.loaded = loaded
    let model = loaded.model
    let definition = model.frontEnd.definition
    let rate = Int(definition.sampleRate)
    let sound = Samples(samples, rate: rate)
    let quiet = Samples([Int16](repeating: 0, count: rate), rate: rate)
    framesPerSecond = Double(rate) / Double(definition.hop)
    program = model.program
    hasExtras = definition.rawCount > definition.levelIndex + 1
    frontEnd = FrontEndBench(
      model.frontEnd, model.features, variant: variant.frontEnd, samples: sound)
    cepstrum = FrontEndBench(
      model.frontEnd.withoutExtras, model.features.coefficientsAlone, variant: variant.frontEnd,
      samples: sound)
    network = NetworkBench(model.program, variant: variant)
    speech = PipelineBench(
      model, variant: variant, samples: sound,
      updateFrames: Int(model.recognition.parameters.interimFrames), hearsSpeech: true)
    updatedSpeech = PipelineBench(
      model, variant: variant, samples: sound, updateFrames: ModelBenchmark.updateFrames,
      hearsSpeech: true)
    silence = PipelineBench(
      model, variant: variant, samples: quiet, updateFrames: ModelBenchmark.updateFrames,
      hearsSpeech: false)
  }

  /// All figures of this model, wholes before their parts.
  var figures: [Figure] {
    var figures: [Figure] = [.registerPeak, .frontEnd]
    var stage: FrontEnd.Stage? = .first
    while let current = stage {
      if current != .extras || hasExtras { figures.append(.stage(current)) }
      stage = current.next
    }
    figures += [.features, .cepstrum]
    figures += ModelBenchmark.blocks.map { .network(block: $0) }
    for index in program.operators.indices where inputRate(index) > 0 {
      figures += ModelBenchmark.blocks.map { .step(index, block: $0) }
    }
    figures.append(.decision)
    for index in program.operators.indices where program.tensors[index + 1].rate == 0 {
      figures.append(.decisionStep(index))
    }
    return figures + [.window, .update, .speech, .updatedSpeech, .silence]
  }

  func contestant(_ figure: Figure) -> Contestant {
    switch figure {
    case .registerPeak: RegisterPeak.contestant
    case .frontEnd: frontEnd.whole
    case .stage(let stage): frontEnd.stage(stage)
    case .features: frontEnd.featureMap
    case .cepstrum: cepstrum.toInputs
    case .network(let block): network.frames(ModelContest.streamFrames, block: block)
    case .step(let index, let block): network.run(operator: index, rows: rows(index, block))
    case .decision: network.decision
    case .decisionStep(let index): network.decide(operator: index)
    case .window: network.update(ModelBenchmark.windowFrames, isWindow: true)
    case .update: network.update(ModelBenchmark.updateFrames, isWindow: false)
    case .speech: speech.contestant
    case .updatedSpeech: updatedSpeech.contestant
    case .silence: silence.contestant
    }
  }

  /// Number of runs of its contestant that make up `figure`.
  func runs(of figure: Figure) -> Double {
    switch figure {
    case .registerPeak, .decision, .decisionStep, .window, .update, .speech, .updatedSpeech,
      .silence:
      1
    case .frontEnd, .stage, .features, .cepstrum: framesPerSecond
    case .network: framesPerSecond / Double(ModelContest.streamFrames)
    case .step(let index, let block):
      framesPerSecond / Double(rows(index, block) * inputRate(index))
    }
  }

  /// The multiplications in every figure that has any.
  var multiplications: [Figure: Double] {
    let network = program.multiplicationsPerFrame
    let decision = Double(program.multiplicationsPerDecision)
    var counts: [Figure: Double] = [
      .registerPeak: RegisterPeak.multiplications, .decision: decision,
      .window: network * Double(ModelBenchmark.windowFrames) + decision,
      .update: network * Double(ModelBenchmark.updateFrames) + decision,
    ]
    for block in ModelBenchmark.blocks {
      counts[.network(block: block)] = network * framesPerSecond
      for index in program.operators.indices {
        let rate = program.tensors[index + 1].rate
        let count = Double(program.multiplications(ofOperator: index))
        if rate == 0 {
          counts[.decisionStep(index)] = count
        } else {
          counts[.step(index, block: block)] = count * framesPerSecond / Double(rate)
        }
      }
    }
    return counts
  }

  /// Frames in one run of a `.network` contestant: any multiple of the network's strides.
  private static let streamFrames = 64

  private func inputRate(_ index: Int) -> Int {
    Int(program.tensors[Int(program.operators[index].inputs[0])].rate)
  }

  /// Rows of operator `index`'s input in a call of `block` frames: at least one, which a slow
  /// operator gets only every few calls.
  private func rows(_ index: Int, _ block: Int) -> Int { max(1, block / inputRate(index)) }
}
