/// A sum of values that notices each of them and their order: FNV-1a over whole numbers.
///
/// In memory as C has it: two numbers of 64 bits.
struct Digest {
  /// Values so far.
  var count: UInt64 = 0
  private var sum: UInt64 = 0xcbf2_9ce4_8422_2325

  mutating func add(_ value: Int32) {
    count &+= 1
    sum = (sum ^ UInt64(UInt32(bitPattern: value))) &* 0x100_0000_01b3
  }

  /// Adds all that another was made of, as one.
  mutating func add(_ other: Digest) {
    count &+= other.count
    sum = (sum ^ other.sum) &* 0x100_0000_01b3
  }
}
