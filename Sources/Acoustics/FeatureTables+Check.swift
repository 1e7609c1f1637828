import FixedPoint

extension FeatureTables {
  /// Why bytes are not the tables of a feature map.
  public enum Problem: Error, Equatable, Sendable {
    /// The section is not at a multiple of 64 bytes in memory.
    case misaligned
    /// The section is shorter or longer than its header says.
    case size(expected: Int, found: Int)
    /// The counts do not match the front end in the same file.
    case shape(bands: Int32, coefficients: Int32, directCount: Int32, runningMeans: Int32)
    /// A cosine is outside −1...1.
    case cosine(at: Int)
    /// A column's scale is not one that conversion can produce.
    case scale(column: Int)
  }

  /// Finds the tables in `section`, which must outlive them, and checks that they fit `definition`
  /// and cannot cause overflow.
  public init(
    _ section: UnsafeRawBufferPointer, for definition: FrontEndDefinition
  ) throws(Problem) {
    guard let base = section.baseAddress, section.count >= FeatureTables.headerSize else {
      throw .size(expected: FeatureTables.headerSize, found: section.count)
    }
    guard UInt(bitPattern: base) % 64 == 0 else { throw .misaligned }
    let counts = base.assumingMemoryBound(to: Int32.self)
    guard counts[0] == definition.bands, counts[1] == definition.coefficients,
      counts[2] == definition.directCount, counts[3] == definition.runningMeans,
      counts[4] == definition.directBands, counts[5] == definition.deltaCount
    else {
      throw .shape(
        bands: counts[0], coefficients: counts[1], directCount: counts[2], runningMeans: counts[3])
    }
    bands = Int(definition.bands)
    coefficients = Int(definition.coefficients)
    directCount = definition.directCount
    runningMeans = Int(definition.runningMeans)
    directBands = definition.directBands
    deltaCount = definition.deltaCount
    directIndex = definition.directIndex
    let layout = Layout(definition)
    guard section.count == layout.size else {
      throw .size(expected: layout.size, found: section.count)
    }
    cosines = (base + layout.cosines).assumingMemoryBound(to: Int32.self)
    means = (base + layout.means).assumingMemoryBound(to: Int32.self)
    scales = (base + layout.scales).assumingMemoryBound(to: Requantizer.self)
    for index in 0..<(bands * coefficients)
    where cosines[index] < -(1 << 30) || cosines[index] > 1 << 30 {
      throw .cosine(at: index)
    }
    for column in 0..<columns {
      let scale = scales[column]
      guard scale.mantissa >= 0, (24...62).contains(scale.shift), scale.zeroPoint == 0 else {
        throw .scale(column: column)
      }
    }
  }
}
