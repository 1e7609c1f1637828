import Glibc
import Testing

@testable import Service

@Suite struct PauseMemoryTests {
  @Test(arguments: [
    ["main"], ["a", "b c", "d\ne:\u{1}", "ä"], Array(repeating: "stream", count: 999),
  ])
  func namesComeBackAsTheyWereKept(names: [String]) throws {
    let file = try PauseMemory.file(names)
    #expect(PauseMemory.streams(in: file) == names)
    #expect(fcntl(file, F_GETFD) < 0, "it is closed once it was read")
  }

  @Test func whatIsNoSuchFileNamesNothing() {
    let directory = open("/", O_RDONLY)
    #expect(PauseMemory.streams(in: directory).isEmpty)
  }
}
