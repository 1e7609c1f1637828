import Acoustics
import FixedPoint

/// From samples to the network's inputs.
struct Hearing: ~Copyable {
  private var frontEnd: FrontEnd
  private var features: FeatureMap
  private let samples: UnsafeMutablePointer<Int16>
  private let raw: UnsafeMutablePointer<Int32>
  private let row: UnsafeMutablePointer<Int8>
  private let hop: Int
  private let sampleRate: Int

  init(
    _ tables: FrontEndTables, _ map: FeatureTables, _ variant: FrontEndVariant, arena: inout Arena
  ) {
    frontEnd = FrontEnd(tables, variant: variant, arena: &arena)
    features = FeatureMap(map, variant: variant, arena: &arena)
    hop = Int(tables.definition.hop)
    sampleRate = Int(tables.definition.sampleRate)
    samples = arena.take(Int16.self, count: hop)
    raw = arena.take(Int32.self, count: frontEnd.rawCount)
    row = arena.take(Int8.self, count: map.columns)
  }

  var framesPerSecond: Double { Double(sampleRate) / Double(hop) }

  mutating func run(_ counter: Counter) {
    frontEnd.restart()
    features.restart()
    for index in 0..<hop {
      samples[index] = Int16(truncatingIfNeeded: index &* 7919 &+ index &* index)
    }
    // Enough hops to fill a frame.
    for _ in 0..<8 { hear() }
    counter.count("front end", times: framesPerSecond) { hear() }
    var stage: FrontEnd.Stage? = .first
    while let current = stage {
      counter.count(Hearing.name(current), times: framesPerSecond) { frontEnd.rerun(current) }
      stage = current.next
    }
    counter.count("features to int8", times: framesPerSecond) { features.map(raw, into: row) }
  }

  private mutating func hear() {
    var rest = UnsafeBufferPointer<Int16>(start: samples, count: hop)
    while let frame = frontEnd.next(&rest) { raw.update(from: frame, count: frontEnd.rawCount) }
  }

  private static func name(_ stage: FrontEnd.Stage) -> StaticString {
    switch stage {
    case .window: "  window"
    case .transform: "  Fourier transform"
    case .spectrum: "  powers"
    case .melBank: "  mel bands, logarithms"
    case .level: "  level"
    case .extras: "  extras"
    }
  }
}
