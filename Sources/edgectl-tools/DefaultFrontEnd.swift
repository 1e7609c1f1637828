import Acoustics
import Quantization

/// A front end's tables without a model, for what is done before there is one.
struct DefaultFrontEnd {
  /// The tables, which live as long as this.
  let tables: FrontEndTables
  private let memory: AlignedMemory

  /// The standard definition, its mel bands warped for training if asked.
  init(warp: Double = 1) throws {
    memory = AlignedMemory(try FrontEndTables.section(for: FrontEndDefinition(), warp: warp))
    tables = try FrontEndTables(memory.bytes)
  }

  /// Milliseconds from one frame to the next.
  var frameMilliseconds: Int {
    Int(tables.definition.hop) * 1000 / Int(tables.definition.sampleRate)
  }
}
