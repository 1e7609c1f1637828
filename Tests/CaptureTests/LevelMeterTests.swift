import Glibc
import Testing

@testable import Capture

@Suite struct LevelMeterTests {
  private let meter = LevelMeter()

  /// A second of `sample(t)`, `t` in seconds.
  private func hear(_ sample: (Double) -> Double) {
    let samples = (0..<16_000).map { Int16(sample(Double($0) / 16_000).rounded()) }
    for start in stride(from: 0, to: samples.count, by: 320) {
      samples.withUnsafeBufferPointer { meter.hear($0.baseAddress! + start, count: 320) }
    }
  }

  @Test(arguments: [20.0, 1000, 16_384, 32_767])
  func aSineIsThreeDecibelsBelowItsPeak(amplitude: Double) throws {
    meter.measure(true)
    hear { amplitude * sin(2 * .pi * 440 * $0) }
    let reading = try #require(meter.take())
    let peak = 200 * log10(amplitude / 32_768)
    #expect(abs(Double(reading.peakCentibels) - peak) <= 1)
    #expect(abs(Double(reading.levelCentibels) - (peak - 200 * log10(2.0.squareRoot()))) <= 2)
  }

  @Test func directCurrentIsNoSound() throws {
    meter.measure(true)
    hear { 3000 + 100 * sin(2 * .pi * 440 * $0) }
    let level = Double(try #require(meter.take()).levelCentibels)
    #expect(abs(level - 100 * log10(100 * 100 / 2 / 0x1p30)) <= 1)
  }

  @Test func silenceIsTheLevelOfRounding() throws {
    meter.measure(true)
    hear { _ in 0 }
    let reading = try #require(meter.take())
    #expect(reading.levelCentibels == Int((100 * log10(1 / 12 / 0x1p30)).rounded()))
  }

  @Test func theGreatestNegativeSampleIsFullScale() throws {
    meter.measure(true)
    hear { _ in -32_768 }
    #expect(try #require(meter.take()).peakCentibels == 0)
  }

  @Test func eachReadingIsOfItsOwnTime() throws {
    meter.measure(true)
    hear { 10_000 * sin(2 * .pi * 440 * $0) }
    let loud = try #require(meter.take())
    #expect(meter.take() == nil)
    hear { 10 * sin(2 * .pi * 440 * $0) }
    let quiet = try #require(meter.take())
    #expect(loud.peakCentibels - quiet.peakCentibels == 600)
  }

  @Test func itMeasuresOnlyWhenAskedTo() {
    hear { _ in 1000 }
    #expect(meter.take() == nil)
    meter.measure(true)
    hear { _ in 1000 }
    meter.measure(false)
    #expect(meter.take() == nil)
  }
}
