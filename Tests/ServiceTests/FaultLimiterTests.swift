import Testing

@testable import Service

@Suite struct FaultLimiterTests {
  @Test func eachFaultIsAdmittedOnceAMinute() {
    var limiter = FaultLimiter()
    #expect(limiter.admit("lost", nowMs: 0) == 0)
    #expect(limiter.admit("lost", nowMs: 1000) == nil)
    #expect(limiter.admit("busy", nowMs: 1000) == 0)
    #expect(limiter.admit("lost", nowMs: 59_999) == nil)
    #expect(limiter.admit("lost", nowMs: 60_000) == 2)
    #expect(limiter.admit("lost", nowMs: 120_000) == 0)
  }
}
