import Glibc
import Testing
import Threads

@Suite struct RingTests {
  @Test func aRingGivesBackWhatWasPutInAcrossItsEnd() {
    let ring = Ring<Int32>(capacity: 8)
    var next: Int32 = 0
    var expected: Int32 = 0
    for size in [5, 3, 8, 1, 7, 6, 2, 8, 4] {
      let block = (0..<size).map { _ in
        next += 1
        return next
      }
      let fits = ring.write(block, count: size)
      #expect(fits)
      var out = [Int32](repeating: 0, count: 8)
      let count = ring.read(into: &out, limit: 8)
      #expect(count == size)
      for value in out.prefix(count) {
        expected += 1
        #expect(value == expected)
      }
    }
  }

  @Test func aFullRingTakesNothingRatherThanAPart() {
    let ring = Ring<Int16>(capacity: 4)
    let three = ring.write([1, 2, 3], count: 3)
    let twoMore = ring.write([4, 5], count: 2)
    let afterRefusal = ring.count
    let fourth = ring.write(4)
    let fifth = ring.write(5)
    let oldest = ring.read()
    #expect(three && !twoMore && fourth && !fifth)
    #expect(afterRefusal == 3)
    #expect(oldest == 1)
  }

  /// What both threads have.
  private final class Shared: Sendable {
    let ring = Ring<Int16>(capacity: 64)
  }

  @Test func twoThreadsSeeEveryElementOnceAndInOrder() {
    let shared = Shared()
    let total = 200_000
    let writer = WorkerThread("writer") {
      for index in 0..<total {
        while !shared.ring.write(Int16(truncatingIfNeeded: index)) { sched_yield() }
      }
    }
    var (seen, wrong) = (0, 0)
    while seen < total {
      guard let value = shared.ring.read() else {
        sched_yield()
        continue
      }
      if value != Int16(truncatingIfNeeded: seen) { wrong += 1 }
      seen += 1
    }
    writer.join()
    #expect(wrong == 0)
  }
}
