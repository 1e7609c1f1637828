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
    bias = TalkerBias(TalkerBiasTables(record), classCount: classCount)
  }

  deinit { record.deallocate() }

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
    #expect((0..<3).allSatisfy { fixture.bias.removed(from: logits).values[$0] == logits.values[$0] })
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
    let fixture = Fixture(means: ownMeans(2))
    fixture.hear([3, 0])
    #expect(fixture.offset != [0, 0])
    fixture.bias.restart()
    #expect(fixture.offset == [0, 0])
  }

  @Test func extremesNeitherTrapNorWrap() {
    let fixture = Fixture(means: [[177, -177], [-177, 177]])
    #expect(fixture.tables.isUsable(classCount: 2))
    var logits = Logits()
    for segment in 0..<200 {
      logits.values[0] = segment % 3 == 0 ? .min : .max
      logits.values[1] = segment % 5 == 0 ? .max : .min
      fixture.bias.add(logits)
      let rest = fixture.bias.removed(from: logits)
      #expect(rest.values[0] == logits.values[0] || abs(Int64(rest.values[0])) < 1 << 31)
    }
    for _ in 0..<200 { fixture.bias.add(Logits()) }
    #expect(fixture.offset.allSatisfy { abs($0) < 300 })
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
