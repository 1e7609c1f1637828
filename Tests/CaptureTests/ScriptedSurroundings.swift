@testable import Capture

/// Time and waiting for tests: nothing sleeps, every wait just moves the clock.
final class ScriptedSurroundings: CaptureSurroundings {
  var time: Int64 = 1_000_000_000_000
  var isStopping = false
  /// How long it was to wait for devices each time, or to rest, if that is a quarter of a second or
  /// more.
  var waits: [Int32] = []
  /// For each wait for devices, whether a card was plugged in meanwhile; `arrivesLater` when it
  /// runs out.
  var arrivals: [Bool] = []
  var arrivesLater = false
  /// After how many of `waits` the loop is told to stop.
  var stopsAfterWaits = Int.max
  /// Called before any wait: what other threads do meanwhile.
  var meanwhile: () -> Void = {}

  func now() -> Int64 { time }

  func waitForDevices(milliseconds: Int32) -> Bool {
    note(milliseconds)
    let arrives = arrivals.isEmpty ? arrivesLater : arrivals.removeFirst()
    time += Int64(arrives ? 10 : milliseconds) * 1_000_000
    return arrives
  }

  private func note(_ milliseconds: Int32) {
    meanwhile()
    waits.append(milliseconds)
    isStopping = waits.count >= stopsAfterWaits
  }

  func pause(milliseconds: Int32) {
    if milliseconds >= Backoff.shortest { note(milliseconds) } else { meanwhile() }
    time += Int64(milliseconds) * 1_000_000
  }
}
