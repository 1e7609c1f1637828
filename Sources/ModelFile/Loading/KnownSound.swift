import Acoustics
import FixedPoint

/// A sound for testing the front end when a model is loaded, with the instructions that will be
/// used: the result must equal that of portable Swift.
///
/// The known answer in the file starts after the front end, with raw vectors, because a model
/// should contain no recording. Portable Swift is the definition, so nothing needs to be stored.
/// The sound is noise at full scale, noise of other levels, a square wave, and clicks in silence,
/// another kind every hop.
struct KnownSound {
  /// Number of frames: with voice features 1.8 million ARM64 instructions in portable Swift, a
  /// millisecond or two.
  static let frames = 20

  private let definition: FrontEndDefinition
  private let samples: UnsafeMutablePointer<Int16>

  /// The sound for front ends of `definition`, in memory from `arena` that is not yet written.
  init(for definition: FrontEndDefinition, arena: inout Arena) {
    self.definition = definition
    samples = arena.take(Int16.self, count: KnownSound.count(definition))
  }

  private static func count(_ definition: FrontEndDefinition) -> Int {
    Int(definition.frame) + (frames - 1) * Int(definition.hop)
  }

  /// Whether both front ends, of this definition, give the same result for every frame.
  func isHeardAlike(_ one: inout FrontEnd, _ other: inout FrontEnd) -> Bool {
    fill()
    one.restart()
    other.restart()
    let count = KnownSound.count(definition)
    var (rest, otherRest) = (
      UnsafeBufferPointer(start: UnsafePointer(samples), count: count),
      UnsafeBufferPointer(start: UnsafePointer(samples), count: count)
    )
    while let raw = one.next(&rest), let otherRaw = other.next(&otherRest) {
      for index in 0..<definition.rawCount where raw[index] != otherRaw[index] { return false }
    }
    return true
  }

  /// Another kind of sound every hop, so that each frame has several.
  private func fill() {
    var state: UInt32 = 1
    for index in 0..<KnownSound.count(definition) {
      // Marsaglia's xorshift.
      state ^= state << 13
      state ^= state >> 17
      state ^= state << 5
      let noise = Int16(truncatingIfNeeded: state)
      let piece = index / Int(definition.hop)
      switch piece % 5 {
      case 0: samples[index] = noise < 0 ? .min : .max
      case 1, 2: samples[index] = noise >> Int16(piece % 16)
      case 3: samples[index] = index / 37 % 2 == 0 ? 9000 : -9000
      default: samples[index] = index % 97 == 0 ? .min : 0
      }
    }
  }
}

extension FrontEndTables {
  /// Whether a front end over these tables gives the same result for `KnownSound` with `variant` as
  /// in portable Swift.
  func isHeardAlike(with variant: FrontEndVariant) -> Bool {
    let memory = ArenaMemory {
      _ = KnownSound(for: definition, arena: &$0)
      _ = FrontEnd(self, variant: .portable, arena: &$0)
      _ = FrontEnd(self, variant: variant, arena: &$0)
    }
    defer { withExtendedLifetime(memory) {} }
    var arena = memory.arena()
    let sound = KnownSound(for: definition, arena: &arena)
    var portable = FrontEnd(self, variant: .portable, arena: &arena)
    var faster = FrontEnd(self, variant: variant, arena: &arena)
    return sound.isHeardAlike(&portable, &faster)
  }
}
