import Testing

@testable import FixedPoint

@Suite struct CopyTests {
  /// The numbers 0…9 after `count` of them are copied from index `from` to index `to`.
  private func copied(_ count: Int, from: Int, to: Int) -> [Int32] {
    var numbers = [Int32](0..<10)
    numbers.withUnsafeMutableBufferPointer {
      let base = $0.baseAddress!
      (base + to).copy(from: base + from, count: count)
    }
    return numbers
  }

  @Test func overlappingRowsAreCopiedAsIfTheyDidNot() {
    #expect(copied(6, from: 2, to: 0) == [2, 3, 4, 5, 6, 7, 6, 7, 8, 9])
    #expect(copied(6, from: 0, to: 2) == [0, 1, 0, 1, 2, 3, 4, 5, 8, 9])
  }

  @Test func nothingIsCopiedOfNothing() {
    #expect(copied(0, from: 5, to: 0) == [Int32](0..<10))
  }
}
