import Acoustics
import Quantization

/// A front end's tables without a model, for use before there is one.
struct StandaloneFrontEnd {
  /// The tables, valid while this object lives.
  let tables: FrontEndTables
  private let memory: AlignedMemory

  /// The tables of `definition`, with mel bands warped for training if asked.
  init(_ definition: FrontEndDefinition, warp: Double = 1) throws {
    memory = AlignedMemory(try FrontEndTables.section(for: definition, warp: warp))
    tables = try FrontEndTables(memory.bytes)
  }
}
