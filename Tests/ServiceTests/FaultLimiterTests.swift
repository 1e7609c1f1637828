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

  @Test func whatStillHoldsIsAdmittedWhenTheMinuteIsOver() {
    var limiter = FaultLimiter()
    #expect(limiter.admit("lost", nowMs: 0) == 0)
    #expect(limiter.admitHeldBack("lost", nowMs: 70_000) == nil)
    #expect(limiter.admit("lost", nowMs: 100_000) == 0)
    #expect(limiter.admit("lost", nowMs: 101_000) == nil)
    #expect(limiter.admit("lost", nowMs: 102_000) == nil)
    #expect(limiter.admitHeldBack("lost", nowMs: 159_999) == nil)
    #expect(limiter.admitHeldBack("lost", nowMs: 160_000) == 1)
    #expect(limiter.admitHeldBack("lost", nowMs: 230_000) == nil)
    #expect(limiter.admit("lost", nowMs: 219_999) == nil)
  }
}
