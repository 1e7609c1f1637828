import Testing

@testable import Capture

@Suite struct SampleConverterTests {
  private func convert(
    _ bytes: [UInt8], _ sample: SampleFormat, channels: Int = 1, channel: Int = 0
  ) -> [Int16] {
    let format = StreamFormat(
      rate: 16_000, channels: channels, sample: sample, period: 1, buffer: 1)
    let frames = bytes.count / format.bytesPerFrame
    var output = [Int16](repeating: 0, count: frames)
    SampleConverter(format: format, channel: channel).convert(bytes, count: frames, into: &output)
    return output
  }

  private func littleEndian(_ value: Int32, bytes: Int) -> [UInt8] {
    (0..<bytes).map { UInt8(truncatingIfNeeded: value >> (8 * Int32($0))) }
  }

  /// The definition: to the nearest step of 2^(bits − 16), halves up, saturated.
  private func reference(_ value: Int32, bits: Int) -> Int16 {
    let scaled = (Double(value) / Double(1 << (bits - 16)) + 0.5).rounded(.down)
    return Int16(clamping: Int(scaled))
  }

  @Test func sixteenBitsPassUnchanged() {
    let values: [Int16] = [0, 1, -1, .max, .min, 12_345]
    #expect(convert(values.flatMap { littleEndian(Int32($0), bytes: 2) }, .int16) == values)
  }

  @Test func widerSamplesAreRoundedHalfUpAndSaturated() {
    let twentyFour: [Int32] = [0, 127, 128, -128, -129, 8_388_607, -8_388_608, 8_388_480, 255, 256]
    let expected = twentyFour.map { reference($0, bits: 24) }
    #expect(convert(twentyFour.flatMap { littleEndian($0, bytes: 3) }, .int24) == expected)
    #expect(convert(twentyFour.flatMap { littleEndian($0, bytes: 4) }, .int24In32) == expected)
    let thirtyTwo: [Int32] = [0, .max, .min, 32_767, 32_768, -32_768, -32_769, 1 << 30]
    #expect(
      convert(thirtyTwo.flatMap { littleEndian($0, bytes: 4) }, .int32)
        == thirtyTwo.map { reference($0, bits: 32) })
  }

  @Test func theFourthByteOf24BitsDoesNotCount() {
    #expect(convert([0x00, 0x01, 0x00, 0xFF], .int24In32) == [1])
    #expect(convert([0x00, 0xFF, 0xFF, 0x00], .int24In32) == [-1])
  }

  @Test(arguments: SampleFormat.allCases) func eachChannelIsItsOwn(sample: SampleFormat) {
    let shift = Int32(sample == .int16 ? 0 : sample == .int32 ? 16 : 8)
    let frames: [[Int32]] = [[10, 20, 30], [-11, -21, -31]]
    let bytes = frames.joined().flatMap { littleEndian($0 << shift, bytes: sample.bytes) }
    for channel in 0..<3 {
      #expect(
        convert(bytes, sample, channels: 3, channel: channel)
          == frames.map { Int16($0[channel]) })
    }
  }
}
