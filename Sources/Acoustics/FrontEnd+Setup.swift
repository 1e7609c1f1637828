import FixedPoint

extension FrontEnd {
  /// A front end over `tables`, which passed their check and outlive it, with its buffers from `arena`.
  ///
  /// Takes memory without writing to it: call `restart()` before the first sample.
  public init(_ tables: FrontEndTables, arena: inout Arena) {
    let definition = tables.definition
    self.definition = definition
    window = Window(tables)
    transform = FourierTransform(tables, arena: &arena)
    spectrum = RealSpectrum(tables, arena: &arena)
    melBank = MelBank(tables)
    level = Level(count: Int(definition.frame))
    voice =
      definition.extras == .voice ? VoiceFeatures(tables, arena: &arena) : nil
    pending = arena.take(Int16.self, count: Int(definition.frame))
    raw = arena.take(Int32.self, count: definition.rawCount)
  }
}
