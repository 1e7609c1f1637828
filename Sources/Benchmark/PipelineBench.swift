import FixedPoint
import Inference
import ModelFile
import Recognition

/// Everything that the daemon's inference thread does for a stream: a `Recognizer` over a model.
final class PipelineBench {
  /// Periods per second from a microphone.
  private static let periodsPerSecond = 50

  private let memory: ArenaMemory
  private var recognizer: Recognizer<IntegerClassifier>
  private let samples: Samples
  private let period: Int
  private var events = 0

  /// Bytes of the arena that one stream takes.
  var arenaBytes: Int { memory.byteCount }

  /// With `hearsSpeech`, every frame counts as speech and goes to the network, and a decision is
  /// made every `updateFrames`; otherwise the detector decides.
  init(
    _ model: Model, variant: KernelVariant, samples: Samples, updateFrames: Int, hearsSpeech: Bool
  ) {
    var tables = model.recognition
    tables.parameters.interimFrames = Int32(updateFrames)
    let make = { (arena: inout Arena) in
      Recognizer(
        tables, frontEnd: model.frontEnd, variant: variant.frontEnd,
        network: IntegerClassifier(
          model.features, program: model.program, variant: variant, arena: &arena),
        segmentation: hearsSpeech ? .whole : .detected, arena: &arena)
    }
    memory = ArenaMemory { _ = make(&$0) }
    var arena = memory.arena()
    recognizer = make(&arena)
    self.samples = samples
    period = Int(model.frontEnd.definition.sampleRate) / PipelineBench.periodsPerSecond
  }

  /// A second of audio.
  var contestant: Contestant {
    Contestant(
      prepare: {
        self.recognizer.restart()
        self.samples.rewind()
        self.hearSecond()
      },
      run: { count in
        for _ in 0..<count { self.hearSecond() }
      })
  }

  private func hearSecond() {
    for _ in 0..<PipelineBench.periodsPerSecond {
      recognizer.push(samples.next(period)) { _ in events += 1 }
    }
  }
}
