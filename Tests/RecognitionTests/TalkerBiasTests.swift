import FixedPoint
import Glibc
import TestSupport
import Testing

@testable import Recognition

/// A bias between classes whose means it holds.
private final class Fixture {
  static let segments: Int32 = 5
  static let prior: Int32 = 3
  /// σ², in squared natural logits.
  static let variance = 1.3
  static let unit: Double = 65_536 / log(2.0)
  let classCount: Int
  private let record: UnsafeMutablePointer<Int32>
  private let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 256, alignment: 64)
  var bias: TalkerBias

  /// `means` in natural logits, by the class that was heard.
  init(means: [[Double]]) {
    classCount = means.count
    let sharpness: Double = log(2.0) / Fixture.variance
    let values =
      [Fixture.segments, Fixture.prior, Int32((sharpness * 65_536).rounded())]
      + means.joined().map { Int32(($0 * Fixture.unit).rounded()) }
    record = .allocate(capacity: values.count)
    for (index, value) in values.enumerated() { (record + index).initialize(to: value) }
    var arena = Arena(memory)
    bias = TalkerBias(TalkerBiasTables(record), classCount: classCount, arena: &arena)
    bias.restart()
  }

  deinit {
    record.deallocate()
    memory.deallocate()
  }

  var tables: TalkerBiasTables { TalkerBiasTables(record) }

  /// The offset in natural logits.
  var offset: [Double] { (0..<classCount).map { Double(bias.offset.values[$0]) / Fixture.unit } }

  func hear(_ logits: [Double]) { bias.add(Fixture.logits(logits)) }

  static func logits(_ values: [Double]) -> Logits {
    var logits = Logits()
    for (index, value) in values.enumerated() {
      logits.values[index] = Int32((value * unit).rounded())
    }
    return logits
  }
}

/// The definition in double precision.
private struct Oracle {
  let means: [[Double]]
  private(set) var offset: [Double]
  private var sums: [Double]
  private var count = 0.0

  init(_ means: [[Double]]) {
    self.means = means
    offset = means.map { _ in 0 }
    sums = offset
  }

  mutating func hear(_ logits: [Double]) {
    let rest = zip(logits, offset).map { $0 - $1 }
    let distances = means.map { mean in
      zip(rest, mean).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    }
    let nearest = distances.min()!
    let odds = distances.map { exp((nearest - $0) / (2 * Fixture.variance)) }
    let whole = odds.reduce(0, +)
    count += 1
    for index in offset.indices {
      let expected = zip(odds, means).reduce(0) { $0 + $1.0 / whole * $1.1[index] }
      sums[index] += logits[index] - expected
      if count > Double(Fixture.segments) {
        sums[index] *= Double(Fixture.segments) / count
      }
    }
    count = min(count, Double(Fixture.segments))
    offset = sums.map { $0 / (count + Double(Fixture.prior)) }
  }
}

/// As many classes as `count`, each of which the network takes for itself.
private func ownMeans(_ count: Int) -> [[Double]] {
  (0..<count).map { heard in
    (0..<count).map { $0 == heard ? 2 : -2 / Double(count - 1) }
  }
}

@Suite struct TalkerBiasTests {
  @Test func isZeroForAnUnknownTalker() {
    let fixture = Fixture(means: ownMeans(3))
    #expect(fixture.offset == [0, 0, 0])
    let logits = Fixture.logits([1, -2, 3])
    let rest = fixture.bias.removed(from: logits)
    #expect((0..<3).allSatisfy { rest.values[$0] == logits.values[$0] })
  }

  @Test(arguments: [2, 6, 16]) func followsTheDefinition(classes: Int) {
    var generator = SplitMix(seed: UInt64(classes))
    let means = (0..<classes).map { _ in
      let row = (0..<classes).map { _ in Double.random(in: -3...3, using: &generator) }
      return row.map { $0 - row.reduce(0, +) / Double(classes) }
    }
    let fixture = Fixture(means: means)
    var oracle = Oracle(means)
    for _ in 0..<40 {
      let logits = (0..<classes).map { _ in Double.random(in: -6...6, using: &generator) }
      fixture.hear(logits)
      oracle.hear(logits)
      // Likelihoods are ten-thousandths.
      for (found, expected) in zip(fixture.offset, oracle.offset) {
        #expect(abs(found - expected) < 2e-3)
      }
    }
    #expect(oracle.offset.contains { abs($0) > 0.1 })
  }

  @Test func whatATalkerAlwaysHasIsTakenOut() {
    let means = ownMeans(3)
    let fixture = Fixture(means: means)
    for segment in 0..<30 {
      fixture.hear(zip(means[segment % 3], [0.8, 0, -0.8]).map { $0 + $1 })
    }
    // Five segments that say so, and three that say nothing.
    #expect(zip(fixture.offset, [0.5, 0, -0.5]).allSatisfy { abs($0 - $1) < 0.1 })
  }

  @Test func aTalkerOfOneClassKeepsIt() {
    let means = ownMeans(3)
    let fixture = Fixture(means: means)
    for _ in 0..<30 { fixture.hear(means[1]) }
    #expect(fixture.offset.allSatisfy { abs($0) < 0.1 })
  }

  @Test func isForgottenWithTheTalker() {
    let (fixture, fresh) = (Fixture(means: ownMeans(2)), Fixture(means: ownMeans(2)))
    for _ in 0..<3 { fixture.hear([3, 0]) }
    #expect(fixture.offset != [0, 0])
    fixture.bias.restart()
    #expect(fixture.offset == [0, 0])
    for one in [fixture, fresh] { one.hear([-1, 4]) }
    #expect(fixture.offset == fresh.offset)
  }

  /// The largest of everything that `isUsable` lets through, in wide integers: nothing wraps.
  @Test(arguments: [1, TalkerBiasTables.largestSharpness]) func extremesNeitherTrapNorWrap(
    sharpness: Int32
  ) {
    let classes = 16
    let largest = TalkerBiasTables.largestMean
    let means = (0..<classes).map { heard in
      (0..<classes).map { ($0 ^ heard) % 3 == 0 ? largest : -largest }
    }
    let record = [64, 1, sharpness] + means.joined()
    record.withUnsafeBufferPointer { record in
      let tables = TalkerBiasTables(record.baseAddress!)
      #expect(tables.isUsable(classCount: classes))
      let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 256, alignment: 64)
      defer { memory.deallocate() }
      var arena = Arena(memory)
      var bias = TalkerBias(tables, classCount: classes, arena: &arena)
      bias.restart()
      var generator = SplitMix(seed: 1)
      for _ in 0..<300 {
        var logits = Logits()
        for index in 0..<classes {
          logits.values[index] = Bool.random(using: &generator) ? .max : .min
        }
        let offset = bias.offset
        let rest = bias.removed(from: logits)
        for index in 0..<classes {
          let wide = Int64(logits.values[index]) - Int64(offset.values[index])
          #expect(rest.values[index] == Int32(clamping: wide))
          #expect(offset.values[index].magnitude <= UInt32(Int32.max) + UInt32(largest))
        }
        bias.add(logits)
      }
      // Always the largest, which no class explains, and always the smallest.
      for value in [Int32.max, .min] {
        var logits = Logits()
        for index in 0..<classes { logits.values[index] = value }
        bias.restart()
        for _ in 0..<300 { bias.add(logits) }
        let offset = bias.offset
        for index in 0..<classes {
          #expect(abs(Int64(offset.values[index]) - Int64(value) * 64 / 65) <= Int64(largest))
        }
      }
    }
  }

  @Test func recordsThatNoStreamCouldRunWithAreRefused() {
    func isUsable(_ record: [Int32]) -> Bool {
      record.withUnsafeBufferPointer {
        TalkerBiasTables($0.baseAddress!).isUsable(classCount: 2)
      }
    }
    let good: [Int32] = [20, 9, 12_000, 65_536, -65_536, -65_536, 65_536]
    #expect(good.count == TalkerBiasTables.recordCount(classCount: 2))
    #expect(isUsable(good))
    for (index, value) in [
      (0, 0), (0, 65), (1, 0), (1, 65), (2, 0), (2, 1 << 20 + 1), (3, 256 << 16 + 1),
      (6, -256 << 16 - 1), (6, Int(Int32.min)),
    ] {
      var bad = good
      bad[index] = Int32(value)
      #expect(!isUsable(bad), "\(value) at \(index)")
    }
  }
}
