import ModelFile
import Quantization
import TestSupport
import Testing

/// What reading `file` throws, or nil.
func containerProblem(_ file: [UInt8]) -> ModelProblem? {
  let memory = AlignedMemory(file)
  defer { withExtendedLifetime(memory) {} }
  do throws(ModelProblem) {
    _ = try ModelContainer(memory.bytes)
    return nil
  } catch { return error }
}

@Suite struct ModelContainerTests {
  private let sections: [(SectionKind, [UInt8])] = [
    (.weights, (0..<200).map { UInt8(truncatingIfNeeded: $0) }), (.frontEnd, [1, 2, 3]),
    (.card, []), (.knownLogits, [9]),
  ]

  private func file() -> [UInt8] {
    var writer = ModelContainerWriter()
    for (kind, bytes) in sections { writer.add(kind, bytes: bytes) }
    return writer.file()
  }

  @Test func everySectionComesBackAligned() throws {
    let memory = AlignedMemory(file())
    defer { withExtendedLifetime(memory) {} }
    let container = try ModelContainer(memory.bytes)
    for (kind, bytes) in sections {
      let section = try #require(container.section(kind))
      #expect(Array(section) == bytes)
      #expect(Int(bitPattern: section.baseAddress) % 64 == 0)
    }
    #expect(container.section(.operators) == nil)
  }

  @Test func theHeaderIsAsDocumented() {
    let file = file()
    #expect(Array(file[0..<8]) == [0x89, 0x45, 0x44, 0x47, 0x45, 0x0d, 0x0a, 0x1a])
    #expect(Array(file[8..<16]) == [1, 0, 0, 0, 4, 0, 0, 0])
    #expect(file[16] == UInt8(truncatingIfNeeded: file.count))
    #expect(Array(file[64..<72]) == [1, 0, 0, 0, 0, 0, 0, 0], "the first entry is the front end's")
  }

  @Test func everySingleBitFlipIsRefused() {
    let original = file()
    for bit in 0..<original.count * 8 {
      var damaged = original
      damaged[bit / 8] ^= 1 << UInt8(bit % 8)
      #expect(containerProblem(damaged) != nil, "bit \(bit)")
    }
  }

  @Test func everyTruncationAndAppendixIsRefused() {
    let original = file()
    for count in 0..<original.count {
      let problem = containerProblem(Array(original[..<count]))
      #expect(
        problem
          == (count < 64
            ? .tooShort(size: count) : .length(stated: UInt64(original.count), found: count)))
    }
    #expect(
      containerProblem(original + [0])
        == .length(stated: UInt64(original.count), found: original.count + 1))
  }

  @Test func foreignFilesAndOtherVersionsAreNamed() {
    #expect(containerProblem(Array(repeating: 0x20, count: 100)) == .foreign)
    var future = file()
    future[8] = 2
    #expect(containerProblem(future) == .version(2))
    var damaged = file()
    damaged[damaged.count - 1] ^= 1
    #expect(containerProblem(damaged) == .digest)
  }

  @Test func memoryThatIsNotAlignedIsRefused() {
    let memory = AlignedMemory([0] + file())
    defer { withExtendedLifetime(memory) {} }
    #expect(throws: ModelProblem.misalignedMemory) {
      try ModelContainer(UnsafeRawBufferPointer(rebasing: memory.bytes[1...]))
    }
  }

  /// Changes a section table and sums it anew, as a faulty or hostile writer would.
  private func resummed(_ change: (inout [UInt8]) -> Void) -> [UInt8] {
    var file = file()
    change(&file)
    sumAnew(&file)
    return file
  }

  @Test(arguments: [
    (12, 0), (12, 65), (12, 255), (13, 1), (15, 0x80), (24, 1),  // sections, reserved
    (64, 7), (64, 200), (68, 1),  // kind, reserved of the first entry
    (72, 0), (72, 1), (73, 0x80), (79, 0x80), (80, 200), (87, 0x80), (88, 1),  // offset, size
    (184, 2), (176, 0),  // the last section's size and the file's end
  ])
  func sectionTablesThatContradictThemselvesAreRefused(offset: Int, value: UInt8) {
    let file = resummed { $0[offset] = value }
    #expect(containerProblem(file) == .sectionTable)
  }

  @Test func whatALaterVersionAddedIsRefusedAndNamed() {
    let problem = containerProblem(resummed { $0[160] = 99 })
    #expect(problem == .unknownSection(99))
    #expect(
      problem?.description
        == "it has a section of kind 99, which this program does not know (update edged)")
  }

  @Test func tablesWithAnyBytesAreReadOrRefusedAndNeverCrash() {
    var random = SplitMix(seed: 88_172_645)
    for _ in 0..<5000 {
      let file = resummed { file in
        for _ in 0..<3 {
          file[64 + random.integer(0...127)] = .random(in: 0...255, using: &random)
        }
      }
      let memory = AlignedMemory(file)
      defer { withExtendedLifetime(memory) {} }
      guard let container = try? ModelContainer(memory.bytes) else { continue }
      for kind in SectionKind.needed {
        guard let section = container.section(kind), let start = section.baseAddress else {
          continue
        }
        let offset = start - memory.bytes.baseAddress!
        #expect(offset >= 64 && section.count <= file.count - offset)
      }
    }
  }
}
