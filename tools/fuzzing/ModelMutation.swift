@testable import InferenceTests
import ModelFile
import TestSupport

/// Changes a model where it matters: single fields of its records, whole records, sizes of
/// sections, and the frame of the file; and sums it anew, so that it gets past the digest.
enum ModelMutation {
  /// See `Target.mutate`.
  static func mutate(
    _ memory: UnsafeMutableRawBufferPointer, count: Int, _ random: inout SplitMix
  ) -> Int {
    var file = Array(UnsafeRawBufferPointer(rebasing: memory[..<count]))
    if random.chance(0.25) { file = ModelSeed.file(&random) }
    var sections = file.withUnsafeBytes { bytes in
      SectionTable(bytes).sections.map { (kind: $0.kind, bytes: Array(bytes[$0.range])) }
    }
    guard sections.count > 1, Set(sections.map(\.kind)).count == sections.count else {
      return DefaultMutation.mutate(memory, count: count, &random)
    }
    for _ in 0..<(random.chance(0.8) ? 1 : random.integer(0...4)) {
      let index = section(of: sections.map(\.kind), &random)
      guard !sections[index].bytes.isEmpty else { continue }
      if random.chance(0.06) {
        resize(&sections[index].bytes, record(sections[index].kind), &random)
      } else {
        change(&sections[index].bytes, record(sections[index].kind), &random)
      }
    }
    var writer = ModelContainerWriter()
    for section in sections {
      if let kind = SectionKind(rawValue: section.kind) { writer.add(kind, bytes: section.bytes) }
    }
    file = writer.file()
    if random.chance(0.06) { damageFrame(&file, &random) }
    guard file.count <= memory.count else { return count }
    memory.copyBytes(from: file)
    return file.count
  }

  /// Where to change something: mostly in what the network is made of.
  private static func section(of kinds: [UInt32], _ random: inout SplitMix) -> Int {
    let favourites: [SectionKind] = [
      .weights, .weights, .weights, .weights, .weights, .operators, .operators, .tensors, .tensors,
      .recognition, .frontEnd, .features, .detector, .detectorFeatures, .detectorOperators,
      .detectorTensors, .detectorWeights,
    ]
    if random.chance(0.9),
      let index = kinds.firstIndex(of: favourites.randomElement(using: &random)!.rawValue)
    {
      return index
    }
    return random.integer(0...kinds.count - 1)
  }

  /// The size of a section's records, in bytes.
  private static func record(_ kind: UInt32) -> Int {
    switch SectionKind(rawValue: kind) {
    case .operators, .detectorOperators: OperatorRecord.size
    case .tensors, .detectorTensors: OperatorRecord.tensorSize
    default: 4
    }
  }

  private static func resize(
    _ bytes: inout [UInt8], _ record: Int, _ random: inout SplitMix
  ) {
    let size = min(bytes.count, random.chance(0.7) ? record : random.integer(1...64))
    let place = random.integer(0...(bytes.count - size) / record) * record
    if random.chance(0.5) {
      bytes.insert(contentsOf: bytes[place..<place + size], at: place)
    } else {
      bytes.removeSubrange(place..<place + size)
    }
  }

  private static func change(
    _ bytes: inout [UInt8], _ record: Int, _ random: inout SplitMix
  ) {
    switch random.integer(0...12) {
    case 0...3:
      bytes[place(in: bytes, step: 1, &random)] ^= 1 << UInt8(random.integer(0...7))
    case 4:
      // A record, or a part of one, in the place of another.
      let size = min(bytes.count, random.chance(0.5) ? record : random.integer(1...record))
      let last = (bytes.count - size) / record
      let (from, to) = (
        random.integer(0...last) * record, random.integer(0...last) * record
      )
      bytes.replaceSubrange(to..<to + size, with: Array(bytes[from..<from + size]))
    case 5:
      let start = random.integer(0...bytes.count - 1)
      let value = UInt8(
        truncatingIfNeeded: [0, 1, 127, 128, 129, 255].randomElement(using: &random)!)
      for index in start..<min(bytes.count, start + random.integer(1...128)) {
        bytes[index] = value
      }
    default:
      guard bytes.count >= 4 else { return }
      let place = place(in: bytes, step: 4, &random)
      let other = random.integer(0...(bytes.count - 4) / 4) * 4
      bytes.withUnsafeMutableBytes { bytes in
        let old = bytes.loadUnaligned(fromByteOffset: place, as: Int32.self)
        let borrowed = bytes.loadUnaligned(fromByteOffset: other, as: Int32.self)
        bytes.storeBytes(
          of: value(near: old, borrowed, &random), toByteOffset: place, as: Int32.self)
      }
    }
  }

  /// A multiple of `step` with as many bytes behind it, mostly where something stands: much of a
  /// small model is padding, which must stay zero.
  private static func place(in bytes: [UInt8], step: Int, _ random: inout SplitMix) -> Int {
    var place = 0
    for _ in 0..<6 {
      place = random.integer(0...(bytes.count - step) / step) * step
      if bytes[place..<place + step].contains(where: { $0 != 0 }) { break }
    }
    return place
  }

  private static func value(
    near old: Int32, _ borrowed: Int32, _ random: inout SplitMix
  ) -> Int32 {
    switch random.integer(0...8) {
    case 0: old &+ Int32(random.integer(-4...4))
    case 1: old &* 2
    case 2: old / 2
    case 3: borrowed
    case 4: [0, 1, -1, .min, .max, 1 << 30].randomElement(using: &random)!
    case 5: 1 << Int32(random.integer(0...30))
    case 6: Int32(random.integer(0...64))
    case 7: Int32(bitPattern: UInt32(truncatingIfNeeded: random.next()))
    default: 0 &- old
    }
  }

  /// The header and the table, or anything, after the sum was made; mostly summed once more.
  private static func damageFrame(_ file: inout [UInt8], _ random: inout SplitMix) {
    let limit = random.chance(0.9) ? min(file.count, 64 + 16 * 32) : file.count
    for _ in 0..<random.integer(1...3) {
      file[random.integer(0...limit - 1)] = UInt8(truncatingIfNeeded: random.next())
    }
    if random.chance(0.8) { ModelDigest.sum(&file) }
  }
}

/// libFuzzer's own mutation.
enum DefaultMutation: Target {
  static func read(_ input: UnsafeRawBufferPointer) -> Bool { false }
}
