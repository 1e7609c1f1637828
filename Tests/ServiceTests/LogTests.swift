import Glibc
import TestSupport
import Testing

@testable import Service

@Suite struct LogTests {
  @Test func everyTopicHasItsOwn128BitNumber() {
    let numbers = LogTopic.allCases.map(\.rawValue)
    #expect(Set(numbers).count == numbers.count)
    #expect(numbers.allSatisfy { $0.count == 32 && $0.allSatisfy(\.isHexDigit) })
  }

  @Test func levelsAreOrderedByHowMuchTheyMatter() {
    #expect(LogLevel.allCases.sorted() == [.error, .warning, .notice, .info])
  }

  /// What a log may be written to: the ends for reading and for writing, and how it is written.
  private func unread() throws -> [(reader: Int32, writer: Int32, output: LogOutput)] {
    var (pipe, other, sockets) = (
      [Int32](repeating: 0, count: 2), [Int32](repeating: 0, count: 2),
      [Int32](repeating: 0, count: 2)
    )
    try #require(Glibc.pipe(&pipe) == 0 && Glibc.pipe(&other) == 0)
    try #require(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &sockets) == 0)
    return [
      (pipe[0], pipe[1], .unwaiting(pipe[1])), (other[0], other[1], .shared(descriptor: other[1])),
      (sockets[0], sockets[1], .unwaiting(sockets[1])),
    ]
  }

  @Test func aLineForWhichThereIsNoRoomIsNotWaitedFor() throws {
    for (reader, writer, output) in try unread() {
      let line = PreparedLine([String(repeating: "x", count: 5000)], to: output)
      let short = PreparedLine(["said\n"], to: output)
      var count = 0
      while line.write(), count < 10_000 { count += 1 }
      for _ in 0..<1000 { line.write() }
      #expect(count < 1000, "\(output)")
      #expect(fcntl(reader, F_SETFL, O_NONBLOCK) == 0)
      var block = [UInt8](repeating: 0, count: 1 << 20)
      while read(reader, &block, block.count) > 0 {}
      #expect(short.write(), "\(output)")
      let taken = read(reader, &block, block.count)
      let said = String(decoding: block.prefix(max(0, taken)), as: UTF8.self)
      // The long line before has no end where only a part of it was taken.
      #expect(["\nsaid\n", "said\n"].contains(said), "\(output)")
      #expect(!PreparedLine([String(repeating: "x", count: 1 << 20)], to: output).write())
      while read(reader, &block, block.count) > 0 {}
      #expect(short.write(), "\(output)")
      #expect(read(reader, &block, block.count) == 6, "it begins a line of its own")
      #expect(fcntl(writer, F_GETFL) & O_NONBLOCK == 0, "it is shared with whoever made it")
      close(reader)
      close(writer)
    }
  }

  /// Who became another user with su still has root's terminal, and may stop it with Ctrl-S. Only
  /// root can become another user: for others, this terminal is their own.
  @Test func anotherUsersTerminalIsNotWaitedForAndNeitherIsOnesOwn() async {
    await #expect(processExitsWith: .success) {
      setsid()
      let terminal = open(PseudoTerminal().path, O_RDWR)
      if geteuid() == 0 { setuid(65_534) }
      guard case .text(let own) = LogOutput.unwaiting(terminal) else { exit(2) }
      let line = PreparedLine([String(repeating: "x", count: 1000)], to: .text(descriptor: own))
      var count = 0
      while line.write(), count < 1000 { count += 1 }
      let isShared = fcntl(terminal, F_GETFL) & O_NONBLOCK == 0
      exit((1..<1000).contains(count) && isShared ? 0 : 3)
    }
  }
}
