import Testing
import Threads

@Suite struct LockedMemoryTests {
  @Test func lockedMemoryIsZeroAndWholePages() {
    let memory = LockedMemory(count: 5000)
    #expect(memory.bytes.count == 8192)
    #expect(memory.bytes.allSatisfy { $0 == 0 })
  }
}
