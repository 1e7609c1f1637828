import Testing

@testable import FixedPoint

@Suite struct SquareRootTests {
  @Test func isTheLargestRootWhoseSquareFits() {
    var values: [UInt64] = [0, 1, 2, 3, 4, 15, 16, 17, .max, .max - 1, 1 << 62, (1 << 62) - 1]
    for root in [7, 65_535, 65_536, 3_037_000_499, 4_294_967_295] as [UInt64] {
      values += [root * root - 1, root * root, root * root + 1]
    }
    values += (0..<2000).map { _ in UInt64.random(in: 0 ... .max) >> UInt64.random(in: 0..<64) }
    for value in values {
      let root = UInt64(squareRoot(value))
      #expect(root * root <= value)
      let next = (root + 1).multipliedReportingOverflow(by: root + 1)
      #expect(next.overflow || next.partialValue > value, "√\(value)")
    }
  }
}
