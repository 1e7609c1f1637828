import Testing

@testable import Service

@Suite struct WatchdogTests {
  private final class Counter {}

  @Test func aWorkerThatStandsStillIsNamedAndOneThatMovesIsNot() {
    var steps = (moving: 0, stuck: 7)
    var watchdog = Watchdog()
    watchdog.watch([
      .init(name: "moving", counter: Counter(), steps: { steps.moving }),
      .init(name: "stuck", counter: Counter(), steps: { steps.stuck }),
    ])
    #expect(watchdog.stalledWorkers() == [])
    steps.moving += 1
    #expect(watchdog.stalledWorkers() == ["stuck"])
    steps.stuck += 1
    #expect(watchdog.stalledWorkers() == ["moving"])
  }

  @Test func aWorkerThatStandsStillIsNamedAlsoWhileOthersComeAndGo() {
    let stuck = Watchdog.Worker(name: "stuck", counter: Counter(), steps: { 7 })
    var watchdog = Watchdog()
    watchdog.watch([stuck])
    #expect(watchdog.stalledWorkers() == [])
    watchdog.watch([.init(name: "new", counter: Counter(), steps: { 7 }), stuck])
    #expect(watchdog.stalledWorkers() == ["stuck"])
    watchdog.watch([stuck])
    #expect(watchdog.stalledWorkers() == ["stuck"])
  }

  @Test func anExcuseHoldsOverAChangeOfWorkers() {
    var isIdle = true
    let worker = Watchdog.Worker(
      name: "inference", counter: Counter(), steps: { 1 }, isExcused: { isIdle })
    var watchdog = Watchdog()
    watchdog.watch([worker])
    #expect(watchdog.stalledWorkers() == [])
    watchdog.watch([worker])
    isIdle = false
    #expect(watchdog.stalledWorkers() == [])
    #expect(watchdog.stalledWorkers() == ["inference"])
  }

  @Test func anExcuseCounts() {
    var isEmpty = true
    var watchdog = Watchdog()
    watchdog.watch([
      .init(name: "inference", counter: Counter(), steps: { 1 }, isExcused: { isEmpty })
    ])
    #expect(watchdog.stalledWorkers() == [])
    #expect(watchdog.stalledWorkers() == [])
    // What came just before the look cannot be worked off yet.
    isEmpty = false
    #expect(watchdog.stalledWorkers() == [])
    #expect(watchdog.stalledWorkers() == ["inference"])
  }
}
