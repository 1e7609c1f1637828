import Acoustics
import FixedPoint
import ModelFile

/// The path from samples to the inputs of a model's network, whole and stage by stage.
final class FrontEndBench {
  private struct Parts: ~Copyable {
    var frontEnd: FrontEnd
    var features: FeatureMap
    let raw: UnsafeMutablePointer<Int32>
    let row: UnsafeMutablePointer<Int8>

    init(
      _ frontEnd: FrontEndTables, _ features: FeatureTables, variant: FrontEndVariant,
      arena: inout Arena
    ) {
      self.frontEnd = FrontEnd(frontEnd, variant: variant, arena: &arena)
      self.features = FeatureMap(features, variant: variant, arena: &arena)
      raw = arena.take(Int32.self, count: self.frontEnd.rawCount)
      row = arena.take(Int8.self, count: self.features.columns)
    }
  }

  private let memory: ArenaMemory
  private var parts: Parts
  private let samples: Samples
  private let hop: Int

  init(
    _ frontEnd: FrontEndTables, _ features: FeatureTables, variant: FrontEndVariant,
    samples: Samples
  ) {
    memory = ArenaMemory { _ = Parts(frontEnd, features, variant: variant, arena: &$0) }
    var arena = memory.arena()
    parts = Parts(frontEnd, features, variant: variant, arena: &arena)
    self.samples = samples
    hop = Int(frontEnd.definition.hop)
  }

  /// From a hop of samples to a raw vector.
  var whole: Contestant {
    Contestant(
      prepare: restart,
      run: { count in
        for _ in 0..<count { self.hearFrame() }
      })
  }

  /// From a hop of samples to the network's inputs.
  var toInputs: Contestant {
    Contestant(
      prepare: restart,
      run: { count in
        for _ in 0..<count {
          self.hearFrame()
          self.parts.features.map(self.parts.raw, into: self.parts.row)
        }
      })
  }

  /// From a raw vector to the network's inputs.
  var featureMap: Contestant {
    Contestant(
      prepare: restart,
      run: { count in
        for _ in 0..<count { self.parts.features.map(self.parts.raw, into: self.parts.row) }
      })
  }

  /// One stage of a frame.
  func stage(_ stage: FrontEnd.Stage) -> Contestant {
    Contestant(
      prepare: restart,
      run: { count in
        for _ in 0..<count { self.parts.frontEnd.rerun(stage) }
      })
  }

  /// Restarts, and processes enough for the buffers to hold a frame.
  private func restart() {
    parts.frontEnd.restart()
    parts.features.restart()
    samples.rewind()
    for _ in 0..<10 { hearFrame() }
  }

  private func hearFrame() {
    var piece = samples.next(hop)
    while let frame = parts.frontEnd.next(&piece) {
      parts.raw.update(from: frame, count: parts.frontEnd.rawCount)
    }
  }
}
