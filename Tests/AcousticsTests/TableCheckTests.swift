import Acoustics
import Quantization
import Testing

@Suite struct TableCheckTests {
  private let section: [UInt8]
  private let weightCount: Int
  private let layout: FrontEndTables.Layout

  init() throws {
    section = try FrontEndTables.section(for: FrontEndDefinition())
    let memory = AlignedMemory(section)
    let count = withExtendedLifetime(memory) {
      memory.bytes.load(fromByteOffset: FrontEndTables.weightCountOffset, as: Int32.self)
    }
    weightCount = Int(count)
    layout = FrontEndTables.Layout(FrontEndDefinition(), weightCount: weightCount)
  }

  /// The problem found after `value` was put at `offset`.
  private func problem<Value: BitwiseCopyable>(
    _ value: Value, at offset: Int
  ) -> FrontEndTables.Problem? {
    let memory = AlignedMemory(section)
    memory.mutableBytes.storeBytes(of: value, toByteOffset: offset, as: Value.self)
    return problem(memory)
  }

  private func problem(_ memory: AlignedMemory) -> FrontEndTables.Problem? {
    defer { withExtendedLifetime(memory) {} }
    do throws(FrontEndTables.Problem) {
      _ = try FrontEndTables(memory.bytes)
      return nil
    } catch { return error }
  }

  @Test func refusesDefinitionsThatNoFrontEndHas() {
    #expect(problem(Int32(7999), at: 0) == .definition(.sampleRate(7999)))
    #expect(problem(Int32(401), at: 4) == .definition(.frame(401)))
    #expect(problem(Int32(514), at: 4) == .definition(.frame(514)))
    #expect(problem(Int32(0), at: 8) == .definition(.hop(0)))
    #expect(problem(Int32(256), at: 12) == .definition(.fft(256)))
    #expect(problem(Int32(129), at: 16) == .definition(.bands(129)))
    #expect(problem(Int32(41), at: 20) == .definition(.coefficients(41)))
    #expect(
      problem(Float(8001), at: 28) == .definition(.frequencies(minimum: 60, maximum: 8001)))
    #expect(problem(UInt32(512), at: 32) == .definition(.extras(512)))
    #expect(problem(UInt32(256), at: 32) == .definition(.extras(256)))
    #expect(problem(Int32(41), at: 36) == .definition(.runningMeans(41)))
    if case .definition(.frequencies) = problem(Float.nan, at: 24) {
    } else {
      Issue.record("a frequency that is no number was taken")
    }
  }

  @Test func refusesBandsThatReachOutside() {
    let changes: [(Int, Int32)] = [
      (0, 257), (0, -1), (1, 0), (1, 300), (2, -1), (2, 1 << 20), (3, .max),
    ]
    for (field, value) in changes {
      #expect(problem(value, at: layout.melBands + 20 + 4 * field) == .melBand(1))
    }
  }

  @Test func refusesWeightsBeyondOne() {
    #expect(problem(UInt16(32769), at: layout.weights + 6) == .weight(at: 3))
    #expect(problem(Int32(-1), at: layout.window + 4) == .weight(at: 1))
  }

  /// The first pass has factors of 64 butterflies, real parts first.
  @Test func refusesFactorsLongerThanOne() {
    #expect(problem(Int32.max, at: layout.twiddles + 4 * (64 + 5)) == .turn(at: 5))
    #expect(problem(Int32.min, at: layout.twiddles + 4 * (64 + 6)) == .turn(at: 6))
    #expect(problem(Int32.max, at: layout.rotation + 4 * (128 + 7)) == .turn(at: 7))
    #expect(problem(Int32.max, at: layout.rotation) == nil, "one is what it was")
  }

  @Test func refusesEveryOtherLength() {
    for count in [0, 1, 63, 64, 65, section.count - 64, section.count - 1] {
      let expected = count < 64 ? 64 : section.count
      #expect(
        problem(AlignedMemory(Array(section.prefix(count))))
          == .size(expected: expected, found: count))
    }
    #expect(
      problem(AlignedMemory(section + [0]))
        == .size(expected: section.count, found: section.count + 1))
  }

  @Test func refusesMisalignedMemory() {
    let memory = AlignedMemory([0] + section)
    let shifted = UnsafeRawBufferPointer(rebasing: memory.bytes[1...])
    #expect(throws: FrontEndTables.Problem.misaligned) { try FrontEndTables(shifted) }
    withExtendedLifetime(memory) {}
  }

  @Test func refusesLagsThatSetUpDoesNotMake() throws {
    let definition = FrontEndDefinition(extras: .voice)
    let section = try FrontEndTables.section(for: definition)
    func problem<Value: BitwiseCopyable>(_ value: Value, at offset: Int) -> FrontEndTables.Problem?
    {
      let memory = AlignedMemory(section)
      memory.mutableBytes.storeBytes(of: value, toByteOffset: offset, as: Value.self)
      return self.problem(memory)
    }
    let layout = FrontEndTables.Layout(definition, weightCount: weightCount)
    let bins = VoiceBins(definition)
    #expect(bins.count == 126 && bins.stride == 128)
    #expect(problem(Int16(7), at: layout.lagCosines) == nil)
    #expect(problem(Int16.min, at: layout.lagCosines + 2 * bins.stride) == .lag(1))
    #expect(problem(Int16(1), at: layout.lagCosines + 2 * bins.count) == .lag(0))
    #expect(problem(Int32(1 << 28 - 1), at: layout.lagGains) == .lag(0))
    #expect(problem(Int32.max, at: layout.lagGains + 4 * 47) == .lag(47))
  }

  @Test func refusesFeatureTablesOfAnotherShape() throws {
    let definition = FrontEndDefinition()
    let ones = [Double](repeating: 1, count: 40)
    let bytes = try FeatureTables.section(for: definition, means: ones, deviations: ones)
    let memory = AlignedMemory(bytes)
    #expect(try FeatureTables(memory.bytes, for: definition).columns == 40)
    let other = FrontEndDefinition(coefficients: 39)
    #expect(
      throws: FeatureTables.Problem.shape(
        bands: 40, coefficients: 40, directCount: 0, runningMeans: 0)
    ) {
      try FeatureTables(memory.bytes, for: other)
    }
    #expect(throws: FeatureTables.Problem.size(expected: bytes.count, found: bytes.count - 64)) {
      let shorter = UnsafeRawBufferPointer(rebasing: memory.bytes.dropLast(64))
      return try FeatureTables(shorter, for: definition)
    }
    memory.mutableBytes.storeBytes(of: Int32.max, toByteOffset: 64, as: Int32.self)
    #expect(throws: FeatureTables.Problem.cosine(at: 0)) {
      try FeatureTables(memory.bytes, for: definition)
    }
    withExtendedLifetime(memory) {}
  }
}
