import Testing

@testable import Service

@Suite struct WallClockTests {
  /// Clocks that a test moves.
  private final class Clocks {
    var timeOfDay: Int64 = 1_000_000_000_000
    var sinceBoot: Int64 = 5_000_000_000
    var isSynced: Bool?

    var source: WallClock.Source {
      WallClock.Source(
        timeOfDay: { self.timeOfDay }, sinceBoot: { self.sinceBoot }, isSynced: { self.isSynced })
    }

    func pass(seconds: Int64) {
      timeOfDay += seconds * 1_000_000_000
      sinceBoot += seconds * 1_000_000_000
    }
  }

  @Test func timeThatPassesIsNoChange() {
    let clocks = Clocks()
    let clock = WallClock(source: clocks.source)
    clocks.pass(seconds: 86_400)
    #expect(clock.change() == nil)
  }

  @Test func becomingSynchronizedIsAChangeWithoutAJump() throws {
    let clocks = Clocks()
    clocks.isSynced = false
    let clock = WallClock(source: clocks.source)
    #expect(clock.isSynced == false)
    clocks.isSynced = true
    let change = try #require(clock.change())
    #expect(change == WallClock.Change(oldMs: 1_000_000, newMs: 1_000_000, isSynced: true))
    #expect(clock.isSynced == true)
    #expect(clock.change() == nil)
  }

  @Test func aDriftThatNobodyHasSetIsNoJump() {
    let clocks = Clocks()
    let clock = WallClock(source: clocks.source)
    clocks.timeOfDay += 3_000_000_000
    #expect(clock.change() == nil)
  }

  @Test func theSystemsClockCanBeWatched() {
    let clock = WallClock()
    #expect(clock.descriptor >= 0)
    #expect(clock.change() == nil)
  }
}
