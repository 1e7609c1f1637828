import CLinux
import Glibc
import Testing

@testable import Service

@Suite struct PauseMemoryTests {
  /// A memory like one that a process before this one has left.
  private func memory() throws -> (memory: PauseMemory, file: Int32) {
    let file = linux_memory_file(PauseMemory.name)
    try #require(file >= 0)
    return (PauseMemory(inherited: file), file)
  }

  @Test func whatIsWrittenDoesNotHoldBeforeAllOfItIsThere() throws {
    let (memory, file) = try memory()
    var half = try PauseMemory.prepare(["main", "desk"], in: file)
    #expect(memory.streams.isEmpty, "a process that is killed here leaves what was before")
    #expect(pwrite(file, &half, 1, 0) == 1)
    #expect(memory.streams == ["main", "desk"])
    #expect(try PauseMemory.prepare(["other"], in: file) != half)
    #expect(memory.streams == ["main", "desk"])
  }

  @Test func whatIsNoSuchFileNamesNothing() {
    #expect(PauseMemory(inherited: open("/", O_RDONLY)).streams.isEmpty)
    #expect(PauseMemory(inherited: open("/proc/version", O_RDONLY)).streams.isEmpty)
    #expect(PauseMemory().streams.isEmpty)
  }
}
