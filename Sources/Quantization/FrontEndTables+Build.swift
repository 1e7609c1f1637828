import Acoustics
import Glibc
import Reference

extension FrontEndTables {
  /// The front-end section of a model file, computed in double precision and rounded once.
  ///
  /// `warp` shifts the mel bands as another vocal tract would: only for training, never for a
  /// shipped model.
  public static func section(
    for definition: FrontEndDefinition, warp: Double = 1
  ) throws(FrontEndDefinition.Problem) -> [UInt8] {
    try definition.check()
    let oracle = FloatFrontEnd(definition, warp: warp)
    let weights = oracle.melBank.bands.map { band in
      band.weights.map { UInt16(($0 * 0x1p15).rounded()) }
    }
    let weightCount = weights.reduce(0) { $0 + $1.count }
    let layout = Layout(definition, weightCount: weightCount)
    var section = SectionBytes(size: layout.size)
    section.place([definition], at: 0)
    section.place([Int32(weightCount)], at: weightCountOffset)
    section.place(oracle.window.map(q31), at: layout.window)
    section.place(twiddles(definition), at: layout.twiddles)
    section.place(rotation(definition), at: layout.rotation)
    section.place(melBands(oracle), at: layout.melBands)
    section.place(weights.flatMap { $0 }, at: layout.weights)
    if let voice = oracle.voice {
      section.place(lagCosines(voice, definition), at: layout.lagCosines)
      section.place(voice.lagGains.map { Int32(($0 * 0x1p28).rounded()) }, at: layout.lagGains)
    }
    if let chroma = oracle.chroma {
      section.place(
        chroma.weights.flatMap { $0 }.map { UInt32(($0 * 0x1p24).rounded()) },
        at: layout.chromaWeights)
      section.place(
        chroma.basis.flatMap { $0 }.map { Int32(($0 * 0x1p30).rounded()) },
        at: layout.tonnetzBasis)
    }
    return section.bytes
  }

  /// exp(−2πi·k·m/n) for m = 1, 2, 3 of each pass over blocks of n points.
  private static func twiddles(_ definition: FrontEndDefinition) -> [Int32] {
    var values: [Int32] = []
    var length = Int(definition.fft) / 2
    while length > 4 {
      for multiple in 1...3 {
        let angles = (0..<length / 4).map { -2 * .pi * Double($0 * multiple) / Double(length) }
        values += angles.map { q31(cos($0)) }
        values += angles.map { q31(sin($0)) }
      }
      length /= 4
    }
    return values
  }

  private static func rotation(_ definition: FrontEndDefinition) -> [Int32] {
    let angles = (0..<Int(definition.fft) / 4).map {
      2 * .pi * Double($0) / Double(definition.fft)
    }
    return angles.map { q31(cos($0)) } + angles.map { q31(sin($0)) }
  }

  private static func melBands(_ oracle: FloatFrontEnd) -> [MelBand] {
    var firstWeight = 0
    return zip(oracle.melBank.bands, oracle.floors).map { band, floor in
      defer { firstWeight += band.weights.count }
      return MelBand(
        firstBin: Int32(band.firstBin), binCount: Int32(band.weights.count),
        firstWeight: Int32(firstWeight), floor: Int32((log(floor) * 0x1p16).rounded()), offset: 0)
    }
  }

  /// The cosines of the autocorrelation map, a row per lag, each zero-padded at the end.
  private static func lagCosines(
    _ voice: FloatVoiceFeatures, _ definition: FrontEndDefinition
  ) -> [Int16] {
    let bins = VoiceBins(definition)
    return voice.lagCosines.flatMap { row in
      row.map { Int16(max(-32767, min(32767, ($0 * 0x1p15).rounded()))) }
        + [Int16](repeating: 0, count: bins.stride - bins.count)
    }
  }

  /// A number in −1…1 as Q31; one is 2³¹ − 1.
  private static func q31(_ value: Double) -> Int32 {
    Int32(clamping: Int64((value * 0x1p31).rounded()))
  }
}
