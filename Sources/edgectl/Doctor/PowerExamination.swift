import Glibc

/// Whether a Raspberry Pi has enough power: one that lacks it is slow, and its USB devices come and
/// go.
enum PowerExamination {
  private static let path = "/sys/devices/platform/soc/soc:firmware/get_throttled"

  static func finding() -> Finding {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return Finding("power", .skipped, "this board does not tell") }
    defer { close(file) }
    var bytes = [UInt8](repeating: 0, count: 32)
    let count = read(file, &bytes, bytes.count)
    let text = String(decoding: bytes.prefix(max(0, count)).prefix { $0 > 0x20 }, as: UTF8.self)
    guard let bits = Int(text, radix: 16) else {
      return Finding("power", .skipped, "what this board tells cannot be read: \(path)")
    }
    return finding(bits)
  }

  /// What the firmware's bits mean: the present in the lower half, anything since boot in the upper
  /// one.
  private static func finding(_ bits: Int) -> Finding {
    let words = [
      (0, "the voltage is too low; use the board's own power supply and a short cable"),
      (2, "the processor is throttled; cool it"),
      (16, "the voltage was too low; use the board's own power supply and a short cable"),
      (18, "the processor was throttled; cool it"),
    ]
    guard let (bit, word) = words.first(where: { bits >> $0.0 & 1 == 1 }) else {
      return Finding(
        "power", .ok, "the voltage was never too low and the processor never throttled")
    }
    return Finding("power", bit < 16 ? .bad : .note, word)
  }
}
