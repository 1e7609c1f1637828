/// Random numbers that are the same in every run (SplitMix64), for Embedded Swift. Not called as the tests' are: it is compiled into
/// the modules that those test, where two of one name would be one too many.
struct RandomBits {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }

  /// From `least` to `greatest`.
  mutating func integer(_ least: Int, _ greatest: Int) -> Int {
    least + Int(next() % UInt64(greatest - least + 1))
  }
}
