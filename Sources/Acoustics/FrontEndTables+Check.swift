extension FrontEndTables {
  /// Why bytes are not the tables of a front end.
  public enum Problem: Error, Equatable, Sendable {
    /// The section is not at a multiple of 64 bytes in memory.
    case misaligned
    /// The section is shorter or longer than its header says.
    case size(expected: Int, found: Int)
    /// The header defines something that no front end supports.
    case definition(FrontEndDefinition.Problem)
    /// The count of mel weights is not possible.
    case weightCount(Int32)
    /// A band reaches outside the spectrum or the weights, or its floor or offset cannot be a
    /// logarithm.
    case melBand(Int32)
    /// A window or mel weight is outside 0...1.
    case weight(at: Int)
    /// A factor of the transform, or of the spectrum's rotation, has a modulus above one.
    case turn(at: Int)
    /// A cosine or gain of the autocorrelation map is not one that conversion can produce.
    case lag(Int32)
    /// The weight of a bin in a pitch class exceeds 1.
    case chroma(at: Int)
    /// A coordinate of the tonnetz is outside −1...1.
    case tonnetz(at: Int)
  }

  /// Finds the tables in `section`, which must outlive them, and checks everything that the stages
  /// rely on.
  ///
  /// Nothing is copied: the stages read the tables where they lie.
  public init(_ section: UnsafeRawBufferPointer) throws(Problem) {
    guard let base = section.baseAddress, section.count >= FrontEndTables.headerSize else {
      throw .size(expected: FrontEndTables.headerSize, found: section.count)
    }
    guard UInt(bitPattern: base) % 64 == 0 else { throw .misaligned }
    let definition = base.load(as: FrontEndDefinition.self)
    do throws(FrontEndDefinition.Problem) {
      try definition.check()
    } catch {
      throw .definition(error)
    }
    let weightCount = base.load(fromByteOffset: FrontEndTables.weightCountOffset, as: Int32.self)
    guard weightCount >= 1, weightCount <= definition.bands * definition.fft else {
      throw .weightCount(weightCount)
    }
    let layout = Layout(definition, weightCount: Int(weightCount))
    guard section.count == layout.size else {
      throw .size(expected: layout.size, found: section.count)
    }
    self.definition = definition
    window = (base + layout.window).assumingMemoryBound(to: Int32.self)
    twiddles = (base + layout.twiddles).assumingMemoryBound(to: Int32.self)
    rotation = (base + layout.rotation).assumingMemoryBound(to: Int32.self)
    melBands = (base + layout.melBands).assumingMemoryBound(to: MelBand.self)
    weights = (base + layout.weights).assumingMemoryBound(to: UInt16.self)
    lagCosines = (base + layout.lagCosines).assumingMemoryBound(to: Int16.self)
    lagGains = (base + layout.lagGains).assumingMemoryBound(to: Int32.self)
    chromaWeights = (base + layout.chromaWeights).assumingMemoryBound(to: UInt32.self)
    tonnetzBasis = (base + layout.tonnetzBasis).assumingMemoryBound(to: Int32.self)
    try checkTurns()
    try checkWeights(count: Int(weightCount))
    try checkBands(weightCount: weightCount)
    if definition.extras.contains(.voice) { try checkLags() }
    if definition.extras.needsChroma { try checkChroma() }
  }

  /// The factors of the transform and of the rotation must not amplify: then their products stay
  /// below 2³⁰, where those of all processors agree.
  private func checkTurns() throws(Problem) {
    var passed = twiddles
    var length = definition.complexPoints
    while length > 4 {
      for _ in 1...3 {
        try checkTurns(passed, count: length / 4)
        passed += length / 2
      }
      length /= 4
    }
    try checkTurns(rotation, count: definition.complexPoints / 2)
  }

  /// `count` real parts, then as many imaginary ones: of modulus at most one, apart from the
  /// rounding of each to Q31.
  private func checkTurns(_ factors: UnsafePointer<Int32>, count: Int) throws(Problem) {
    for index in 0..<count {
      let (real, imaginary) = (
        UInt64(factors[index].magnitude), UInt64(factors[count + index].magnitude)
      )
      guard real * real + imaginary * imaginary <= 1 << 62 + 1 << 32 else {
        throw .turn(at: index)
      }
    }
  }

  /// Weights of at most one and a basis of sines, so that no sum of their products can overflow.
  private func checkChroma() throws(Problem) {
    let bins = definition.complexPoints + 1
    for index in 0..<Chroma.classCount * bins where chromaWeights[index] > 1 << 24 {
      throw .chroma(at: index)
    }
    for index in 0..<Chroma.tonnetzCount * Chroma.classCount
    where tonnetzBasis[index] < -1 << 30 || tonnetzBasis[index] > 1 << 30 {
      throw .tonnetz(at: index)
    }
  }

  /// No product of −2¹⁵ · −2¹⁵, nothing after the band, and gains in 1...10/3.
  private func checkLags() throws(Problem) {
    let bins = VoiceBins(definition)
    for lag in 0..<VoiceFeatures.lagCount {
      let row = lagCosines + lag * bins.stride
      for index in 0..<bins.stride
      where row[index] == .min || index >= bins.count && row[index] != 0 {
        throw .lag(Int32(lag))
      }
      let gain = Int64(lagGains[lag])
      guard gain >= 1 << 28, gain <= (10 << 28) / 3 + 1 else {
        throw .lag(Int32(lag))
      }
    }
  }

  private func checkWeights(count: Int) throws(Problem) {
    for index in 0..<Int(definition.frame) where window[index] < 0 { throw .weight(at: index) }
    for index in 0..<count where weights[index] > 1 << 15 { throw .weight(at: index) }
  }

  /// Every band lies inside the spectrum and the weights, so that the hot path need not check.
  private func checkBands(weightCount: Int32) throws(Problem) {
    let bins = definition.fft / 2 + 1
    // No energy of int16 samples has a logarithm beyond ±64.
    let logarithms = Int32(-64 << 16)...(64 << 16)
    for index in 0..<definition.bands {
      let band = melBands[Int(index)]
      guard band.firstBin >= 0, band.firstBin < bins,
        band.binCount >= 1, band.binCount <= bins - band.firstBin,
        band.firstWeight >= 0, band.firstWeight <= weightCount - 1,
        band.binCount <= weightCount - band.firstWeight,
        logarithms.contains(band.floor), logarithms.contains(band.offset)
      else { throw .melBand(index) }
    }
  }
}
