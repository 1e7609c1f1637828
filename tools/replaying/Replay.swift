// Runs models from samples to scores and keeps a digest of what each kind of operator and each
// group of features said. Compiled in Embedded Swift for ARM64 and as ordinary Swift for this
// machine; both must print the same.

import Acoustics
import FixedPoint
import Inference
import ModelFile
import Recognition

/// Runs the model in `size` bytes at `model` with the kernels of a `KernelVariant`, in the memory
/// at `work`, both aligned to 64 bytes, and adds to `edged_part_count` digests at `digests` what
/// its parts said. The samples follow from `number`, the calls' sizes from the variant too: no
/// digest depends on them. Returns 0, 1 for a model that is refused, 2 for memory too small. The
/// processor must offer the variant.
@_cdecl("edged_replay")
public func replay(
  _ model: UnsafeRawPointer, _ size: Int, _ variant: UInt8, _ number: Int,
  _ work: UnsafeMutableRawPointer, _ workSize: Int, _ digests: UnsafeMutableRawPointer
) -> Int32 {
  guard let variant = KernelVariant(rawValue: variant) else { return 1 }
  do throws(ModelProblem) {
    let model = try Model(UnsafeRawBufferPointer(start: model, count: size))
    var counting = Arena.counting()
    _ = Replay(model, variant, arena: &counting)
    guard counting.used <= workSize else { return 2 }
    var arena = Arena(UnsafeMutableRawBufferPointer(start: work, count: workSize))
    var replay = Replay(model, variant, arena: &arena)
    replay.run(number)
    replay.report(to: digests.assumingMemoryBound(to: Digest.self))
    return 0
  } catch {
    return 1
  }
}

/// Whether the processor offers a variant. Without an operating system Swift cannot know of dot
/// products.
@_cdecl("edged_offers")
public func offers(_ variant: UInt8, _ hasDotProducts: Bool) -> Bool {
  guard let variant = KernelVariant(rawValue: variant) else { return false }
  return variant.isAvailable || variant == .dotProduct && hasDotProducts
}

/// How many digests there are.
@_cdecl("edged_part_count")
public func partCount() -> Int { Part.count }

/// Begins digest `index` at `digests`, and gives what it is of.
@_cdecl("edged_part_begin")
public func beginPart(
  _ index: Int, _ digests: UnsafeMutableRawPointer
) -> UnsafePointer<UInt8> {
  digests.assumingMemoryBound(to: Digest.self)[index] = Digest()
  return Part.name(index).utf8Start
}

/// A model's stages side by side, with everything that they say in reach.
struct Replay: ~Copyable {
  /// Frames that are heard, and frames from one decision to the next.
  private static let (frames, framesPerDecision) = (40, 13)
  /// The most samples of them.
  private static let maximumSamples = 16_384

  private let model: Model
  private let variant: KernelVariant
  private var frontEnd: FrontEnd
  private var features: FeatureMap
  private var graph: Graph
  private let samples: UnsafeMutablePointer<Int16>
  private let raw: UnsafeMutablePointer<Int32>
  private let rows: UnsafeMutablePointer<Int8>
  private let logits: UnsafeMutablePointer<Int32>
  /// One for each group of features, then one for each tensor: calls of other sizes say the same in
  /// another order.
  private let digests: UnsafeMutablePointer<Digest>
  private var scores = Digest()

  init(_ model: Model, _ variant: KernelVariant, arena: inout Arena) {
    self.model = model
    self.variant = variant
    frontEnd = FrontEnd(model.frontEnd, variant: variant.frontEnd, arena: &arena)
    features = FeatureMap(model.features, variant: variant.frontEnd, arena: &arena)
    graph = Graph(model.program, variant: variant, keepsTensors: true, arena: &arena)
    samples = arena.take(Int16.self, count: Replay.maximumSamples)
    raw = arena.take(Int32.self, count: model.frontEnd.definition.rawCount)
    rows = arena.take(Int8.self, count: Graph.maximumRows * model.features.columns)
    logits = arena.take(Int32.self, count: model.program.classCount)
    digests = arena.take(
      Digest.self, count: Part.featureCount + model.program.tensors.count)
  }

  mutating func run(_ number: Int) {
    for index in 0..<Part.featureCount + model.program.tensors.count {
      digests[index] = Digest()
    }
    frontEnd.restart()
    features.restart()
    graph.restart()
    var calls = RandomBits(state: UInt64(variant.rawValue))
    var rest = Sound.fill(samples, sampleCount, seed: UInt64(number))
    var (frames, waiting, size) = (0, 0, calls.integer(1, Graph.maximumRows))
    while let frame = frontEnd.next(&rest) {
      map(frame, into: rows + waiting * model.features.columns)
      (frames, waiting) = (frames + 1, waiting + 1)
      let decides = frames % Replay.framesPerDecision == 0
      guard waiting == size || decides else { continue }
      push(waiting)
      (waiting, size) = (0, calls.integer(1, Graph.maximumRows))
      if decides { decide() }
    }
    if waiting > 0 { push(waiting) }
    decide()
  }

  private var sampleCount: Int {
    let definition = model.frontEnd.definition
    return min(
      Replay.maximumSamples, Int(definition.frame) + (Replay.frames - 1) * Int(definition.hop))
  }

  /// Keeps what the front end said of a frame, and what the network gets of it.
  private mutating func map(
    _ frame: UnsafePointer<Int32>, into row: UnsafeMutablePointer<Int8>
  ) {
    let definition = model.frontEnd.definition
    for index in 0..<definition.rawCount {
      raw[index] = frame[index] &- model.recognition.corpusMean[index]
    }
    features.map(raw, into: row)
    var place = 0
    func keep(_ part: Part.Feature, _ count: Int) {
      for index in place..<place + count {
        digests[part.rawValue].add(
          part.rawValue < Part.Feature.coefficients.rawValue ? frame[index] : Int32(row[index]))
      }
      place += count
    }
    func group(_ extras: FrontEndDefinition.Extras, _ part: Part.Feature, _ count: Int) {
      if definition.extras.contains(extras) { keep(part, count) }
    }
    keep(.bands, Int(definition.bands))
    keep(.level, 1)
    group(.voice, .voice, 57)
    group(.zeroCrossings, .zeroCrossings, 1)
    group(.rootMeanSquare, .rootMeanSquare, 1)
    group(.chroma, .chroma, 12)
    group(.contrast, .contrast, 7)
    group(.tonnetz, .tonnetz, 6)
    place = 0
    let tables = model.features
    keep(.coefficients, tables.coefficients)
    keep(.melColumns, tables.directBands)
    keep(.directColumns, tables.directCount)
    keep(.relativeColumns, tables.runningMeans)
    if tables.deltaCount > 0 { keep(.slopes, tables.coefficients) }
    if tables.deltaCount > tables.coefficients { keep(.slopesOfSlopes, tables.coefficients) }
  }

  private mutating func push(_ count: Int) {
    graph.push(rows, count: count)
    for index in 0..<model.program.operators.count
    where model.program.tensors[index + 1].rate > 0 { keep(tensor: index + 1) }
  }

  private mutating func decide() {
    graph.decide(into: logits)
    // What comes next is said by a talker of whom this is known.
    graph.endContext(frames: Int32(Replay.framesPerDecision))
    graph.endSegment(isRemembered: true)
    let last = model.program.operators.count
    for index in 0..<last - 1 where model.program.tensors[index + 1].rate == 0 {
      keep(tensor: index + 1)
    }
    for index in 0..<model.program.classCount {
      digests[Part.featureCount + last].add(logits[index])
    }
    let odds = Scores(
      Logits(logits, count: model.program.classCount), classCount: model.program.classCount)
    for index in 0..<model.program.classCount { scores.add(odds.values[index]) }
  }

  private func keep(tensor index: Int) {
    for code in graph.codes(ofTensor: index) {
      digests[Part.featureCount + index].add(Int32(code))
    }
  }

  /// Adds what was kept to the digests of the parts.
  func report(to parts: UnsafeMutablePointer<Digest>) {
    let features = Part.featureCount
    for index in 0..<features { parts[index].add(digests[index]) }
    for index in 0..<model.program.operators.count {
      if let kind = model.program.operators[index].kind {
        parts[Part.index(of: kind)].add(digests[features + index + 1])
      }
    }
    parts[Part.scores].add(scores)
  }
}
