import FixedPoint

/// The raw vector's values after the level: the groups that the definition asks for, in the order
/// of their bits.
struct ExtraFeatures {
  private var voice: VoiceFeatures?
  private let crossings: ZeroCrossings?
  private let root: RootMeanSquare?
  private let chroma: Chroma?
  private let contrast: SpectralContrast?
  private let extras: FrontEndDefinition.Extras

  init(_ tables: FrontEndTables, variant: FrontEndVariant, arena: inout Arena) {
    let definition = tables.definition
    let frame = Int(definition.frame)
    extras = definition.extras
    voice =
      extras.contains(.voice) ? VoiceFeatures(tables, variant: variant, arena: &arena) : nil
    crossings = extras.contains(.zeroCrossings) ? ZeroCrossings(count: frame) : nil
    root = extras.contains(.rootMeanSquare) ? RootMeanSquare(count: frame) : nil
    chroma = extras.needsChroma ? Chroma(tables, arena: &arena) : nil
    contrast =
      extras.contains(.contrast) ? SpectralContrast(definition, arena: &arena) : nil
  }

  /// Forgets the last frame.
  mutating func restart() {
    voice?.restart()
  }

  /// Writes the groups of a frame from its power spectrum, whose samples were shifted left by
  /// `shift`, its samples and their variance.
  mutating func describe(
    _ power: UnsafePointer<UInt64>, shift: Int32, samples: UnsafePointer<Int16>,
    variance: UInt64, into values: UnsafeMutablePointer<Int32>
  ) {
    var values = values
    if voice != nil {
      voice?.describe(power, shift: shift, samples: samples, into: values)
      values += VoiceFeatures.count
    }
    if let crossings {
      values[0] = crossings.rate(of: samples)
      values += 1
    }
    if let root {
      values[0] = root.root(ofVariance: variance)
      values += 1
    }
    chroma?.listen(to: power, shift: shift)
    if let chroma, extras.contains(.chroma) {
      chroma.classes(into: values)
      values += Chroma.classCount
    }
    if let contrast {
      contrast.describe(power, shift: shift, into: values)
      values += SpectralContrast.bandCount
    }
    if let chroma, extras.contains(.tonnetz) { chroma.place(into: values) }
  }
}
