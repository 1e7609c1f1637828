import Synchronization
import Testing

@testable import Evaluation

@Suite struct CrewTests {
  @Test(arguments: [0, 1, 3, 40]) func everyPlaceIsGivenOnceWhateverTheCrew(size: Int) throws {
    let given = Mutex<[Int]>([])
    Crew(of: size).share(20) { next in
      while let place = next() { given.withLock { $0.append(place) } }
    }
    #expect(given.withLock { $0.sorted() } == Array(0..<20))
    #expect(try Crew(of: size).collect(20, tool: {}) { $1 * $1 } == (0..<20).map { $0 * $0 })
    #expect(try Crew(of: size).collect(0, tool: {}) { $1 } == [])
  }

  private struct Refusal: Error {}

  @Test func theFirstErrorEndsTheWork() {
    let made = Atomic<Int>(0)
    #expect(throws: Refusal.self) {
      try Crew(of: 1).collect(10, tool: {}) { _, place in
        made.add(1, ordering: .relaxed)
        if place == 3 { throw Refusal() }
      }
    }
    #expect(made.load(ordering: .relaxed) == 4)
    #expect(throws: Refusal.self) {
      try Crew(of: 3).collect(10, tool: { throw Refusal() }) { (_: Int, place) in place }
    }
  }
}
