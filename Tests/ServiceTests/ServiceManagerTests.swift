import Glibc
import TestSupport
import Testing

@testable import Service

/// The environment is one for the whole process, so these run one after another.
@Suite(.serialized) struct ServiceManagerTests {
  /// What arrives at the socket that NOTIFY_SOCKET names while `body` runs.
  private func notifications(_ body: () -> Void) -> [String] {
    let folder = TemporaryFolder()
    let path = folder.path("notify")
    let bound = UnixSocket.bound(to: path, type: Int32(SOCK_DGRAM.rawValue))
    #expect(bound != nil)
    let socket = bound ?? -1
    setenv("NOTIFY_SOCKET", path, 1)
    defer {
      close(socket)
      unsetenv("NOTIFY_SOCKET")
    }
    body()
    var messages: [String] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while case let count = recv(socket, &buffer, buffer.count, Int32(MSG_DONTWAIT)), count > 0 {
      messages.append(String(decoding: buffer[..<count], as: UTF8.self))
    }
    return messages
  }

  @Test func saysWhatSystemdWantsToHear() {
    let messages = notifications {
      let manager = ServiceManager()
      manager.ready(status: "listening")
      manager.keepAlive()
      manager.stopping()
    }
    #expect(messages == ["READY=1\nSTATUS=listening", "WATCHDOG=1", "STOPPING=1"])
  }

  @Test func aReloadCarriesItsMoment() throws {
    var before = timespec()
    clock_gettime(CLOCK_MONOTONIC, &before)
    let message = try #require(notifications { ServiceManager().reloading() }.first)
    let parts = message.split(separator: "\n")
    #expect(parts.first == "RELOADING=1")
    let moment = try #require(Int(parts[1].dropFirst("MONOTONIC_USEC=".count)))
    let started = before.tv_sec * 1_000_000 + before.tv_nsec / 1000
    #expect((started...started + 10_000_000).contains(moment))
  }

  @Test func halfTheWatchdogsTimeIsTheInterval() {
    #expect(ServiceManager().keepAliveIntervalMs == nil)
    setenv("WATCHDOG_USEC", "30000000", 1)
    setenv("WATCHDOG_PID", "\(getpid())", 1)
    defer {
      unsetenv("WATCHDOG_USEC")
      unsetenv("WATCHDOG_PID")
    }
    #expect(ServiceManager().keepAliveIntervalMs == 15_000)
  }

  @Test func pausesAreKeptInTheFileThatSystemdHoldsAllTheTime() throws {
    var held: Int32 = -1
    let lists = [
      ["main"], ["a", "b c", "d\ne:\u{1}", "ä"], Array(repeating: "stream", count: 999), [],
      [String(repeating: "x", count: 65_535)], ["desk"],
    ]
    let messages = notifications {
      let memory = PauseMemory()
      for names in lists {
        #expect(throws: Never.self) { try memory.keep(names) }
        #expect(memory.streams == names)
        if held < 0 { held = dup(memory.file ?? -1) }
      }
    }
    #expect(messages == ["FDSTORE=1\nFDPOLL=0\nFDNAME=\(PauseMemory.name)"], "and never taken back")
    let next = PauseMemory(inherited: held)
    #expect(next.streams == ["desk"])
    let more = notifications { #expect(throws: Never.self) { try next.keep(["main"]) } }
    #expect(more.isEmpty)
    #expect(next.streams == ["main"])
  }

  @Test func whatCannotBeKeptIsSaidAndLeavesWhatWas() {
    let messages = notifications {
      #expect(throws: PauseMemory.Problem.tooLong(70_001)) {
        try PauseMemory().keep([String(repeating: "x", count: 70_000)])
      }
    }
    #expect(messages.isEmpty, "what was not kept is not given")
    setenv("NOTIFY_SOCKET", "/nonexistent/notify", 1)
    defer { unsetenv("NOTIFY_SOCKET") }
    #expect(throws: PauseMemory.Problem.notTold(ENOENT)) { try PauseMemory().keep(["main"]) }
  }

  @Test func withoutSystemdNothingIsInherited() {
    #expect(ServiceManager().inheritedDescriptors().isEmpty)
  }
}
