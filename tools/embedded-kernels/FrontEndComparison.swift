// Compiled together with the sources of Acoustics.
import FixedPoint

/// Compares a variant of the front end with portable Swift over `cases` frames of random tables and
/// samples, typical and extreme, and as many vectors through a feature map: in turn with every
/// frame length that a transform takes. Returns how many differ. `memory` has 4 MB, aligned to
/// 64 bytes; `variant` is the raw value of a `FrontEndVariant`.
@_cdecl("edged_compare_front_ends")
public func compareFrontEnds(
  _ memory: UnsafeMutableRawPointer, _ variant: UInt8, _ cases: Int
) -> Int {
  guard let variant = FrontEndVariant(rawValue: variant) else { return cases }
  var differences = 0
  var random = RandomBits(state: UInt64(variant.rawValue))
  let framesPerTable = 10
  for number in 0..<(cases + framesPerTable - 1) / framesPerTable {
    var arena = Arena(UnsafeMutableRawBufferPointer(start: memory, count: 4 << 20))
    differences += framesThatDiffer(variant, number, framesPerTable, &random, &arena)
    differences += vectorsThatDiffer(variant, number, framesPerTable, &random, &arena)
  }
  return differences
}

/// Whether this processor offers a variant.
@_cdecl("edged_offers_front_end")
public func offersFrontEnd(_ variant: UInt8) -> Bool {
  FrontEndVariant(rawValue: variant)?.isAvailable ?? false
}

/// A definition that passes its check.
private func definition(_ number: Int, _ random: inout RandomBits) -> FrontEndDefinition {
  let fft = number % 4 == 2 ? 1024 : number % 4 == 3 ? 2048 : 512
  let bands = Int32(random.integer(1, 128))
  return FrontEndDefinition(
    frame: Int32(2 * (8 + number / 2 % (fft / 2 - 7))), hop: 16, fft: Int32(fft), bands: bands,
    coefficients: Int32(random.integer(1, Int(bands))),
    extras: number % 2 == 0 ? .voice : .none)
}

/// Tables of random numbers that pass the check of `FrontEndTables`. Twiddles stay below ½, so that
/// no sum leaves its range as none does with true ones.
private func section(
  for definition: FrontEndDefinition, _ random: inout RandomBits, _ arena: inout Arena
) -> UnsafeRawBufferPointer {
  let weightCount = random.integer(
    Int(definition.bands), min(4000, Int(definition.bands * definition.fft)))
  let layout = FrontEndTables.Layout(definition, weightCount: weightCount)
  let bytes = UnsafeMutableRawPointer(arena.take(UInt8.self, count: layout.size))
  for offset in 0..<layout.size { bytes.storeBytes(of: 0, toByteOffset: offset, as: UInt8.self) }
  bytes.storeBytes(of: definition, as: FrontEndDefinition.self)
  bytes.storeBytes(
    of: Int32(weightCount), toByteOffset: FrontEndTables.weightCountOffset, as: Int32.self)
  func fill(_ start: Int, _ count: Int, from least: Int, to greatest: Int) {
    for index in 0..<count {
      bytes.storeBytes(
        of: Int32(random.integer(least, greatest)), toByteOffset: start + 4 * index, as: Int32.self)
    }
  }
  fill(layout.window, Int(definition.frame), from: 0, to: 1 << 31 - 1)
  fill(layout.twiddles, definition.twiddleCount, from: -1 << 30, to: 1 << 30)
  fill(layout.rotation, Int(definition.fft) / 2, from: -1 << 30, to: 1 << 30)
  for index in 0..<weightCount {
    bytes.storeBytes(
      of: UInt16(random.integer(0, 1 << 15)), toByteOffset: layout.weights + 2 * index,
      as: UInt16.self)
  }
  let bins = Int(definition.fft) / 2 + 1
  for index in 0..<Int(definition.bands) {
    let count = random.integer(1, min(weightCount, random.next() % 8 == 0 ? bins : 25))
    let band = MelBand(
      firstBin: Int32(random.integer(0, bins - count)), binCount: Int32(count),
      firstWeight: Int32(random.integer(0, weightCount - count)), floor: -64 << 16,
      offset: Int32(random.integer(-1000, 1000)))
    bytes.storeBytes(
      of: band, toByteOffset: layout.melBands + MemoryLayout<MelBand>.stride * index,
      as: MelBand.self)
  }
  if definition.extras == .voice {
    let voice = VoiceBins(definition)
    for lag in 0..<VoiceFeatures.lagCount {
      for index in 0..<voice.count {
        let cosine =
          random.next() % 4 == 0 ? (lag % 2 == 0 ? 32767 : -32767) : random.integer(-32767, 32767)
        bytes.storeBytes(
          of: Int16(cosine), toByteOffset: layout.lagCosines + 2 * (lag * voice.stride + index),
          as: Int16.self)
      }
    }
    fill(layout.lagGains, VoiceFeatures.lagCount, from: 1 << 28, to: (10 << 28) / 3)
  }
  return UnsafeRawBufferPointer(start: bytes, count: layout.size)
}

/// One hop of samples: noise of any loudness, all extremes, pulses or a direct current.
private func fill(
  _ samples: UnsafeMutablePointer<Int16>, _ count: Int, style: Int, _ random: inout RandomBits
) {
  let loudness = 1 << random.integer(0, 14)
  for index in 0..<count {
    switch style % 5 {
    case 0: samples[index] = random.next() & 1 == 0 ? .min : .max
    case 1: samples[index] = random.next() % 64 == 0 ? .min : 0
    case 2: samples[index] = Int16(truncatingIfNeeded: loudness)
    default: samples[index] = Int16(random.integer(-loudness, loudness))
    }
  }
}

private func framesThatDiffer(
  _ variant: FrontEndVariant, _ number: Int, _ frames: Int, _ random: inout RandomBits,
  _ arena: inout Arena
) -> Int {
  let definition = definition(number, &random)
  let tables: FrontEndTables
  do throws(FrontEndTables.Problem) {
    tables = try FrontEndTables(section(for: definition, &random, &arena))
  } catch {
    return frames
  }
  var portable = FrontEnd(tables, variant: .portable, arena: &arena)
  var faster = FrontEnd(tables, variant: variant, arena: &arena)
  portable.restart()
  faster.restart()
  let count = Int(definition.frame) + 16 * (frames - 1)
  let samples = arena.take(Int16.self, count: count)
  var filled = 0
  while filled < count {
    let piece = min(count - filled, 400)
    fill(samples + filled, piece, style: random.integer(0, 9), &random)
    filled += piece
  }
  var first = UnsafeBufferPointer(start: UnsafePointer(samples), count: count)
  var second = first
  var differences = 0
  while let expected = portable.next(&first), let found = faster.next(&second) {
    var isEqual = true
    for index in 0..<portable.rawCount where expected[index] != found[index] { isEqual = false }
    if !isEqual { differences += 1 }
  }
  return differences
}

private func vectorsThatDiffer(
  _ variant: FrontEndVariant, _ number: Int, _ vectors: Int, _ random: inout RandomBits,
  _ arena: inout Arena
) -> Int {
  let definition = definition(number, &random)
  let layout = FeatureTables.Layout(definition)
  let bytes = UnsafeMutableRawPointer(arena.take(UInt8.self, count: layout.size))
  func store(_ value: Int, _ offset: Int) {
    bytes.storeBytes(of: Int32(value), toByteOffset: offset, as: Int32.self)
  }
  for offset in stride(from: 0, to: layout.size, by: 4) { store(0, offset) }
  store(Int(definition.bands), 0)
  store(Int(definition.coefficients), 4)
  store(definition.directCount, 8)
  for index in 0..<Int(definition.bands) * Int(definition.coefficients) {
    store(random.integer(-1 << 30, 1 << 30), layout.cosines + 4 * index)
  }
  for column in 0..<definition.columns {
    store(random.integer(-1 << 21, 1 << 21), layout.means + 4 * column)
    store(random.integer(1 << 30, 1 << 31 - 1), layout.scales + 12 * column)
    store(random.integer(24, 62), layout.scales + 12 * column + 4)
    store(0, layout.scales + 12 * column + 8)
  }
  let tables: FeatureTables
  do throws(FeatureTables.Problem) {
    tables = try FeatureTables(
      UnsafeRawBufferPointer(start: bytes, count: layout.size), for: definition)
  } catch {
    return vectors
  }
  var portable = FeatureMap(tables, variant: .portable, arena: &arena)
  var faster = FeatureMap(tables, variant: variant, arena: &arena)
  portable.restart()
  faster.restart()
  let raw = arena.take(Int32.self, count: definition.rawCount)
  let expected = arena.take(Int8.self, count: definition.columns)
  let found = arena.take(Int8.self, count: definition.columns)
  var differences = 0
  for vector in 0..<vectors {
    let bound = vector % 3 == 0 ? 1 << 31 - 1 : 1 << 21
    for index in 0..<definition.rawCount { raw[index] = Int32(random.integer(-bound, bound)) }
    let cepstrum = portable.map(raw, into: expected)
    let other = faster.map(raw, into: found)
    var isEqual = true
    for index in 0..<tables.coefficients where cepstrum[index] != other[index] { isEqual = false }
    for index in 0..<definition.columns where expected[index] != found[index] { isEqual = false }
    if !isEqual { differences += 1 }
  }
  return differences
}
