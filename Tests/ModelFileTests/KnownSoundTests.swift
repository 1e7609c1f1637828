import Acoustics
import Quantization
import Testing

@testable import ModelFile

@Suite struct KnownSoundTests {
  private static let definitions = [
    FrontEndDefinition(extras: .voice),
    FrontEndDefinition(frame: 16, hop: 1, bands: 1, coefficients: 1),
    FrontEndDefinition(
      frame: 2048, hop: 2048, fft: 2048, bands: 128, extras: .init(rawValue: 511)),
  ]

  @Test(arguments: definitions) func everyVariantHearsItAlike(
    definition: FrontEndDefinition
  ) throws {
    let section = AlignedMemory(try FrontEndTables.section(for: definition))
    let tables = try FrontEndTables(section.bytes)
    for variant in [FrontEndVariant.portable, .avx2, .avx512, .neon] where variant.isAvailable {
      #expect(tables.isHeardAlike(with: variant))
    }
    withExtendedLifetime(section) {}
  }

  /// Whether two front ends hear alike, one of which has `change` in its tables.
  private func isHeardAlike(_ change: (inout [UInt8], FrontEndTables.Layout) -> Void) throws -> Bool
  {
    let definition = FrontEndDefinition()
    var bytes = try FrontEndTables.section(for: definition)
    let right = AlignedMemory(bytes)
    let weightCount = bytes.withUnsafeBytes {
      $0.load(fromByteOffset: FrontEndTables.weightCountOffset, as: Int32.self)
    }
    change(&bytes, .init(definition, weightCount: Int(weightCount)))
    let wrong = AlignedMemory(bytes)
    let (rightTables, wrongTables) = (
      try FrontEndTables(right.bytes), try FrontEndTables(wrong.bytes)
    )
    let memory = ArenaMemory {
      _ = KnownSound(for: definition, arena: &$0)
      _ = FrontEnd(rightTables, arena: &$0)
      _ = FrontEnd(wrongTables, arena: &$0)
    }
    var arena = memory.arena()
    let sound = KnownSound(for: definition, arena: &arena)
    var one = FrontEnd(rightTables, arena: &arena)
    var other = FrontEnd(wrongTables, arena: &arena)
    defer { withExtendedLifetime((right, wrong, memory)) {} }
    return sound.isHeardAlike(&one, &other)
  }

  @Test func aFaultInAnyStageIsHeard() throws {
    #expect(try isHeardAlike { _, _ in })
    // A thousandth of one factor: of the window, of one of a pass's first and last butterflies, of
    // a real spectrum, of a band.
    for place in [0, 399] {
      #expect(try !isHeardAlike { bytes, layout in bytes[layout.window + 4 * place + 2] ^= 0x20 })
    }
    for place in [0, 63, 100, 383] {
      #expect(try !isHeardAlike { bytes, layout in bytes[layout.twiddles + 4 * place + 2] ^= 0x20 })
    }
    for place in [2, 255] {
      #expect(try !isHeardAlike { bytes, layout in bytes[layout.rotation + 4 * place + 2] ^= 0x20 })
    }
    #expect(try !isHeardAlike { bytes, layout in bytes[layout.weights] ^= 0x20 })
  }
}
