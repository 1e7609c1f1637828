import Foundation
import JSON
import TestSupport
import Testing

/// Whether EDGED_STEP_CLOCK allows the tests to move this machine's clock by a fifth of a second
/// and back; needs root.
private let maySetClock = ProcessInfo.processInfo.environment["EDGED_STEP_CLOCK"] != nil

/// The daemon as it is run, when somebody sets the time of day.
@Suite(.waiting) struct ClockTests {
  private func step(milliseconds: Int) throws {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    let nanoseconds = time.tv_nsec + milliseconds * 1_000_000
    let carry = Int((Double(nanoseconds) / 1e9).rounded(.down))
    time.tv_sec += carry
    time.tv_nsec = nanoseconds - carry * 1_000_000_000
    try #require(clock_settime(CLOCK_REALTIME, &time) == 0, "\(String(cString: strerror(errno)))")
  }

  private func milliseconds(_ time: JSONValue?) throws -> Int {
    let formatter = ISO8601DateFormatter()
    formatter.formatOptions = [.withInternetDateTime, .withFractionalSeconds]
    let date = try #require(formatter.date(from: time?.string ?? ""))
    return Int((date.timeIntervalSince1970 * 1000).rounded())
  }

  @Test(.enabled(if: maySetClock)) func aJumpOfTheClockIsSaidAndMonotonicTimeGoesOn() throws {
    let daemon = try RunningDaemon(["--device", "NoSuchCard"])
    let client = try daemon.client()
    try client.read(until: "the device's state") { $0.isDevice("absent") }
    for jump in [200, -200] {
      try step(milliseconds: jump)
      let event = try #require(try client.read(until: "clock").last)
      let (old, new) = (try milliseconds(event["old"]), try milliseconds(event["new"]))
      #expect(abs(new - old - jump) <= 2)
      #expect(abs(new - (try milliseconds(event["time"]))) <= 100)
      var now = timespec()
      clock_gettime(CLOCK_MONOTONIC, &now)
      let monotonic = now.tv_sec * 1000 + now.tv_nsec / 1_000_000
      #expect((0...1000).contains(monotonic - (event["mono_ms"]?.integer ?? 0)))
    }
    #expect(daemon.terminate().status == 0)
  }

  @Test func helloSaysWhetherTheClockIsSynchronized() throws {
    let daemon = try RunningDaemon(["--device", "NoSuchCard"])
    let hello = try #require(try EventReader(daemon.socket).next())
    let expected = try Program.run(
      Program.onPath("python3"),
      [
        "-c",
        """
        import ctypes
        class Timex(ctypes.Structure):
            _fields_ = [("modes", ctypes.c_uint), ("numbers", ctypes.c_long * 40)]
        state = Timex()
        assert ctypes.CDLL(None).adjtimex(ctypes.byref(state)) >= 0
        print("yes" if state.numbers[2] < 16000000 else "no")
        """,
      ])
    try #require(expected.status == 0, "\(expected.error)")
    #expect(hello["clock"]?["synced"]?.bool == (expected.output == "yes\n"))
    #expect(daemon.terminate().status == 0)
  }
}
