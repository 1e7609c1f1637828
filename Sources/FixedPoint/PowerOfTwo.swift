/// 2^x for x ≤ 0, as softmax needs it: odds relative to the largest.
///
/// The fraction is interpolated linearly in a table of 32 steps, the whole part is a shift. The
/// result is within 6·10⁻⁵ relative of the exact power until it drops below 2⁻¹⁵, where its own
/// unit, 2⁻³⁰, begins to show.
public enum PowerOfTwo {
  /// `2^(exponent / 65536)` in Q30 for an `exponent` ≤ 0 in Q16; 0 from −31 on.
  @inlinable
  public static func q30(_ exponent: Int32) -> UInt32 {
    let whole = exponent >> 16
    guard whole > -31 else { return 0 }
    let index = Int((exponent >> 11) & 31)
    let fraction = UInt64(exponent & 2047)
    let below = UInt64(steps[index])
    let above = UInt64(steps[index &+ 1])
    let power = below &+ ((above &- below) &* fraction &+ 1024) >> 11
    return UInt32(truncatingIfNeeded: power >> UInt64(-whole))
  }

  /// 2^(i/32) in Q30.
  @usableFromInline
  static let steps: InlineArray<33, UInt32> = [
    1073741824, 1097253708, 1121280436, 1145833280, 1170923762, 1196563654,
    1222764986, 1249540052, 1276901417, 1304861917, 1333434672, 1362633090,
    1392470869, 1422962010, 1454120821, 1485961921, 1518500250, 1551751076,
    1585730000, 1620452965, 1655936265, 1692196547, 1729250827, 1767116489,
    1805811301, 1845353420, 1885761398, 1927054196, 1969251188, 2012372174,
    2056437387, 2101467502, 2147483648,
  ]
}
