import Acoustics
import FixedPoint
import Inference
import ModelFile
import Recognition
import TestSupport
@testable import InferenceTests

/// An `.edge` file: what the loader accepts must run, in bounds, to the same logits with every
/// kernel.
enum DeviceModelTarget: Target {
  /// Frames that are heard: enough to fill convolutions, poolings and a few contexts of a mutated
  /// length.
  private static let frames = 24
  /// The most samples, which bounds the work on a long hop.
  private static let maximumSamples = 12_000
  /// Beyond this a network is only loaded: clearing its memory would be all that is measured.
  private static let maximumArena = 4 << 20

  static let learnsFromRefusals = false

  static func seeds() -> [[UInt8]] {
    var random = SplitMix(seed: 1)
    return (0..<64).map { _ in ModelSeed.file(&random) }
  }

  static func mutate(
    _ memory: UnsafeMutableRawBufferPointer, count: Int, _ random: inout SplitMix
  ) -> Int {
    ModelMutation.mutate(memory, count: count, &random)
  }

  static func read(_ input: UnsafeRawBufferPointer) -> Bool {
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: input.count, alignment: 64)
    defer { memory.deallocate() }
    memory.copyMemory(from: input)
    let bytes = UnsafeRawBufferPointer(memory)
    guard let model = try? Model(bytes) else { return false }
    let guards = SectionGuards(bytes)
    defer { guards.remove() }
    let samples = samples(for: model)
    if !frontEndVariants.isEmpty {
      let definition = model.frontEnd.definition
      let heard = Array(samples.prefix(Int(definition.frame + 7 * definition.hop)))
      let variant = frontEndVariants[Int(model.digest[10]) % frontEndVariants.count]
      precondition(
        rawVectors(of: model, variant, heard) == rawVectors(of: model, .portable, heard),
        "the front end in \(variant) hears something else than in portable Swift")
    }
    let others = variants.dropFirst()
    let portable = decisions(of: model, .portable, samples)
    guard let portable, !others.isEmpty else { return portable != nil }
    let variant = others[others.startIndex + Int(model.digest[9]) % others.count]
    let found = decisions(of: model, variant, samples)
    precondition(found == portable, "\(variant) computes something else than portable Swift")
    return true
  }

  private static let variants: [KernelVariant] = [.portable, .avx2, .avxVNNI, .avx512VNNI]
    .filter(\.isAvailable)

  private static let frontEndVariants: [FrontEndVariant] = [.avx2, .avx512].filter(\.isAvailable)

  /// What the front end makes of `samples`.
  private static func rawVectors(
    of model: Model, _ variant: FrontEndVariant, _ samples: [Int16]
  ) -> [Int32] {
    var counting = Arena.counting()
    _ = FrontEnd(model.frontEnd, variant: variant, arena: &counting)
    let memory = UnsafeMutableRawBufferPointer.allocate(
      byteCount: counting.used, alignment: Arena.alignment)
    defer { memory.deallocate() }
    var arena = Arena(memory)
    var frontEnd = FrontEnd(model.frontEnd, variant: variant, arena: &arena)
    frontEnd.restart()
    var vectors: [Int32] = []
    samples.withUnsafeBufferPointer { samples in
      var rest = samples
      while let raw = frontEnd.next(&rest) {
        vectors += UnsafeBufferPointer(start: raw, count: frontEnd.rawCount)
      }
    }
    return vectors
  }

  /// The logits of every decision over `samples`, and of the known answer; nil for a network that
  /// is too large to run here.
  private static func decisions(
    of model: Model, _ variant: KernelVariant, _ samples: [Int16]
  ) -> [Int32]? {
    func recognizer(_ arena: inout Arena) -> Recognizer<IntegerClassifier> {
      let network = IntegerClassifier(
        model.features, program: model.program, variant: variant, arena: &arena)
      var recognition = model.recognition
      recognition.detector?.kernels = variant
      return Recognizer(
        recognition, frontEnd: model.frontEnd, network: network,
        segmentation: model.digest[8] % 4 == 0 ? .detected : .whole, arena: &arena)
    }
    var counting = Arena.counting()
    _ = recognizer(&counting)
    guard counting.used <= maximumArena else { return nil }
    let memory = UnsafeMutableRawBufferPointer.allocate(
      byteCount: counting.used, alignment: Arena.alignment)
    defer { memory.deallocate() }
    // Nothing may depend on what lay there: zeros for one variant, something else for the other.
    memory.initializeMemory(as: UInt8.self, repeating: variant == .portable ? 0 : 0x55)
    var arena = Arena(memory)
    var listening = recognizer(&arena)
    listening.restart()
    var logits: [Int32] = []
    let hear: (RecognitionEvent) -> Void = { event in
      guard case .decision(let decision) = event else { return }
      for index in 0..<Int(model.recognition.classCount) {
        logits.append(decision.logits.values[index])
      }
    }
    // The second time its talker is known.
    for _ in 0..<2 {
      samples.withUnsafeBufferPointer { listening.push($0, hear) }
      listening.interrupt(hear)
    }
    return logits
  }

  /// Noise, silence and full scale, different for every model.
  private static func samples(for model: Model) -> [Int16] {
    let definition = model.frontEnd.definition
    let count = min(
      maximumSamples, Int(definition.frame) + (frames - 1) * Int(definition.hop))
    var random = SplitMix(seed: UInt64(model.digest[0]) << 8 | UInt64(model.digest[1]))
    var samples: [Int16] = []
    while samples.count < count {
      let kind = random.integer(0...3)
      for index in 0..<random.integer(16...600) {
        switch kind {
        case 0: samples.append(0)
        case 1: samples.append(index / 8 % 2 == 0 ? .max : .min)
        case 2: samples.append(Int16(truncatingIfNeeded: random.next()))
        default: samples.append(Int16(truncatingIfNeeded: random.next()) >> 6)
        }
      }
    }
    return Array(samples.prefix(count))
  }
}
