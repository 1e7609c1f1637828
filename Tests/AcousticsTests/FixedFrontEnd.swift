import Acoustics
import ModelFile
import Quantization

/// A fixed-point front end with memory of its own, fed in chunks of a chosen size.
final class FixedFrontEnd {
  private let section: AlignedMemory
  private let memory: ArenaMemory
  private let tables: FrontEndTables
  private let variant: FrontEndVariant

  init(
    _ definition: FrontEndDefinition = FrontEndDefinition(), warp: Double = 1,
    variant: FrontEndVariant = .best
  ) throws {
    self.variant = variant
    section = AlignedMemory(try FrontEndTables.section(for: definition, warp: warp))
    let tables = try FrontEndTables(section.bytes)
    self.tables = tables
    memory = ArenaMemory { _ = FrontEnd(tables, variant: variant, arena: &$0) }
  }

  /// The raw vectors of all whole frames of `samples`, which arrive in chunks of the lengths that
  /// `chunk` returns.
  func raw(_ samples: [Int16], chunk: () -> Int = { 160 }) -> [[Int32]] {
    var arena = memory.arena()
    var frontEnd = FrontEnd(tables, variant: variant, arena: &arena)
    frontEnd.restart()
    let count = frontEnd.rawCount
    var rows: [[Int32]] = []
    samples.withUnsafeBufferPointer { samples in
      var start = 0
      while start < samples.count {
        let end = min(samples.count, start + chunk())
        frontEnd.push(UnsafeBufferPointer(rebasing: samples[start..<end])) { raw in
          rows.append(Array(UnsafeBufferPointer(start: raw, count: count)))
        }
        start = end
      }
    }
    return rows
  }
}

/// The exact cepstral coefficients and int8 features of raw vectors.
func mapped(
  _ rows: [[Int32]], definition: FrontEndDefinition, means: [Double], deviations: [Double],
  variant: FrontEndVariant = .best
) throws -> (cepstra: [[Int32]], features: [[Int8]]) {
  let section = AlignedMemory(
    try FeatureTables.section(for: definition, means: means, deviations: deviations))
  let tables = try FeatureTables(section.bytes, for: definition)
  let memory = ArenaMemory { _ = FeatureMap(tables, variant: variant, arena: &$0) }
  var arena = memory.arena()
  var map = FeatureMap(tables, variant: variant, arena: &arena)
  map.restart()
  var cepstra: [[Int32]] = []
  var features: [[Int8]] = []
  for row in rows {
    var int8 = [Int8](repeating: 0, count: map.columns)
    let cepstrum = map.map(row, into: &int8)
    cepstra.append(Array(UnsafeBufferPointer(start: cepstrum, count: tables.coefficients)))
    features.append(int8)
  }
  withExtendedLifetime((section, memory)) {}
  return (cepstra, features)
}
