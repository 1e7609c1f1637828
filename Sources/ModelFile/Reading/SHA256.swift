/// The SHA-256 digest of a message that arrives in pieces.
///
/// Protects against damage, not against attackers: a flipped bit on an SD card must never become a
/// wrong emotion. Portable, without tables in memory of its own and without allocation; about 160
/// MB/s on a workstation.
///
/// Source: FIPS 180-4, sections 4.1.2 to 6.2.2.
public struct SHA256 {
  /// A digest: 32 bytes.
  public typealias Digest = InlineArray<32, UInt8>

  private var state: InlineArray<8, UInt32> = [
    0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab,
    0x5be0_cd19,
  ]
  private var block = InlineArray<64, UInt8>(repeating: 0)
  private var filled = 0
  private var length: UInt64 = 0

  /// The digest of an empty message so far.
  public init() {}

  /// Adds the next bytes of the message.
  public mutating func update(_ bytes: UnsafeRawBufferPointer) {
    length &+= UInt64(bytes.count)
    var position = 0
    while position < bytes.count {
      if filled == 0, bytes.count &- position >= 64 {
        let whole = bytes.baseAddress.unsafelyUnwrapped + position
        compress(whole)
        position &+= 64
      } else {
        append(bytes[position])
        position &+= 1
      }
    }
  }

  /// The digest of the whole message. Nothing may be added afterwards.
  public mutating func finish() -> Digest {
    let bits = length &* 8
    append(0x80)
    while filled != 56 { append(0) }
    for index in 0..<8 { append(UInt8(truncatingIfNeeded: bits &>> UInt64(56 &- 8 &* index))) }
    var digest = Digest(repeating: 0)
    for index in 0..<32 {
      digest[index] = UInt8(
        truncatingIfNeeded: state[index >> 2] &>> UInt32(24 &- 8 &* (index & 3)))
    }
    return digest
  }

  private mutating func append(_ byte: UInt8) {
    block[filled] = byte
    filled &+= 1
    guard filled == 64 else { return }
    let whole = block
    withUnsafeBytes(of: whole) { compress($0.baseAddress.unsafelyUnwrapped) }
    filled = 0
  }

  private mutating func compress(_ message: UnsafeRawPointer) {
    var schedule = InlineArray<64, UInt32>(repeating: 0)
    for index in 0..<16 {
      schedule[index] = UInt32(
        bigEndian: message.loadUnaligned(fromByteOffset: 4 &* index, as: UInt32.self))
    }
    for index in 16..<64 {
      let early = schedule[index &- 15]
      let late = schedule[index &- 2]
      let first = rotate(early, 7) ^ rotate(early, 18) ^ (early &>> 3)
      let second = rotate(late, 17) ^ rotate(late, 19) ^ (late &>> 10)
      schedule[index] = schedule[index &- 16] &+ first &+ schedule[index &- 7] &+ second
    }
    let constants = SHA256.constants
    var (a, b, c, d) = (state[0], state[1], state[2], state[3])
    var (e, f, g, h) = (state[4], state[5], state[6], state[7])
    for index in 0..<64 {
      let first = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)
      let choice = (e & f) ^ (~e & g)
      let temporary = h &+ first &+ choice &+ constants[index] &+ schedule[index]
      let second = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)
      let majority = (a & b) ^ (a & c) ^ (b & c)
      (h, g, f, e) = (g, f, e, d &+ temporary)
      (d, c, b, a) = (c, b, a, temporary &+ second &+ majority)
    }
    state[0] &+= a
    state[1] &+= b
    state[2] &+= c
    state[3] &+= d
    state[4] &+= e
    state[5] &+= f
    state[6] &+= g
    state[7] &+= h
  }

  @inline(__always)
  private func rotate(_ word: UInt32, _ count: UInt32) -> UInt32 {
    word &>> count | word &<< (32 &- count)
  }

  /// The first 32 bits of the fractional parts of the cube roots of the first 64 primes.
  @inline(__always)
  private static var constants: InlineArray<64, UInt32> {
    [
      0x428a_2f98, 0x7137_4491, 0xb5c0_fbcf, 0xe9b5_dba5, 0x3956_c25b, 0x59f1_11f1, 0x923f_82a4,
      0xab1c_5ed5, 0xd807_aa98, 0x1283_5b01, 0x2431_85be, 0x550c_7dc3, 0x72be_5d74, 0x80de_b1fe,
      0x9bdc_06a7, 0xc19b_f174, 0xe49b_69c1, 0xefbe_4786, 0x0fc1_9dc6, 0x240c_a1cc, 0x2de9_2c6f,
      0x4a74_84aa, 0x5cb0_a9dc, 0x76f9_88da, 0x983e_5152, 0xa831_c66d, 0xb003_27c8, 0xbf59_7fc7,
      0xc6e0_0bf3, 0xd5a7_9147, 0x06ca_6351, 0x1429_2967, 0x27b7_0a85, 0x2e1b_2138, 0x4d2c_6dfc,
      0x5338_0d13, 0x650a_7354, 0x766a_0abb, 0x81c2_c92e, 0x9272_2c85, 0xa2bf_e8a1, 0xa81a_664b,
      0xc24b_8b70, 0xc76c_51a3, 0xd192_e819, 0xd699_0624, 0xf40e_3585, 0x106a_a070, 0x19a4_c116,
      0x1e37_6c08, 0x2748_774c, 0x34b0_bcb5, 0x391c_0cb3, 0x4ed8_aa4a, 0x5b9c_ca4f, 0x682e_6ff3,
      0x748f_82ee, 0x78a5_636f, 0x84c8_7814, 0x8cc7_0208, 0x90be_fffa, 0xa450_6ceb, 0xbef9_a3f7,
      0xc671_78f2,
    ]
  }
}
