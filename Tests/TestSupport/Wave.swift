/// The bytes of a WAV file, field by field as the format defines them: 16-bit samples of one
/// channel at 16 kHz where nothing else is said.
///
/// `tag` is the encoding's number, 1 for integers and 3 for floats; `length` is what the header
/// says of `data`, and of the whole file, where it does not say the truth; `before` are chunks
/// before the format's, `after` chunks behind the samples.
public func wave(
  rate: Int = 16_000, channels: Int = 1, bits: Int = 16, tag: Int = 1, data: [UInt8],
  length: Int? = nil, before: [UInt8] = [], after: [UInt8] = []
) -> [UInt8] {
  func number(_ value: Int, _ bytes: Int) -> [UInt8] {
    (0..<bytes).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }
  let frame = channels * bits / 8
  let format =
    Array("fmt ".utf8) + number(16, 4) + number(tag, 2) + number(channels, 2) + number(rate, 4)
    + number(rate * frame, 4) + number(frame, 2) + number(bits, 2)
  let promised = length ?? data.count
  return Array("RIFF".utf8) + number(36 + before.count + promised + after.count, 4)
    + Array("WAVE".utf8) + before + format
    + Array("data".utf8) + number(promised, 4) + data + after
}
