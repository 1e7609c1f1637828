import Glibc

/// Which run of the daemon an event belongs to: 128 bits, written as 32 lowercase hexadecimal
/// digits.
///
/// Under systemd it is the unit's invocation ID, which the journal has for every line of the log
/// (`journalctl _SYSTEMD_INVOCATION_ID=…`), so that events and log can be matched.
public struct RunIdentifier: Hashable, Sendable, CustomStringConvertible {
  private let high: UInt64
  private let low: UInt64

  /// A random run, unlike any other.
  public static func random() -> RunIdentifier {
    RunIdentifier(high: .random(in: 0...UInt64.max), low: .random(in: 1...UInt64.max))
  }

  /// The invocation ID that systemd gave this process, or a random run without one.
  public static func ofThisProcess() -> RunIdentifier {
    guard let value = getenv("INVOCATION_ID") else { return random() }
    return RunIdentifier(hexadecimal: String(cString: value)) ?? random()
  }

  /// The run written as 32 hexadecimal digits; nil for anything else.
  public init?(hexadecimal text: some StringProtocol) {
    let digits = Array(text.utf8)
    guard digits.count == 32, digits.allSatisfy({ RunIdentifier.isHexadecimal($0) }) else {
      return nil
    }
    high = UInt64(String(decoding: digits[..<16], as: UTF8.self), radix: 16)!
    low = UInt64(String(decoding: digits[16...], as: UTF8.self), radix: 16)!
  }

  private init(high: UInt64, low: UInt64) {
    (self.high, self.low) = (high, low)
  }

  /// 32 lowercase hexadecimal digits.
  public var description: String {
    [high, low].map { half in
      let digits = String(half, radix: 16)
      return String(repeating: "0", count: 16 - digits.utf8.count) + digits
    }.joined()
  }

  private static func isHexadecimal(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
      UInt8(ascii: "A")...UInt8(ascii: "F"):
      true
    default: false
    }
  }
}
