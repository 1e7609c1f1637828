import FixedPoint

extension FrontEnd {
  /// A front end over `tables`, which have passed their check and outlive it, with its buffers from
  /// `arena`.
  ///
  /// `variant` must be available on this processor. Reserves memory without writing to it: call
  /// `restart()` before the first sample.
  public init(
    _ tables: FrontEndTables, variant: FrontEndVariant = .best, arena: inout Arena
  ) {
    let definition = tables.definition
    self.definition = definition
    window = Window(tables, variant: variant)
    transform = FourierTransform(tables, variant: variant, arena: &arena)
    spectrum = RealSpectrum(tables, variant: variant, arena: &arena)
    melBank = MelBank(tables, variant: variant, arena: &arena)
    level = Level(count: Int(definition.frame), variant: variant)
    extras = ExtraFeatures(tables, variant: variant, arena: &arena)
    pending = arena.take(Int16.self, count: Int(definition.frame))
    raw = arena.take(Int32.self, count: definition.rawCount)
  }
}
