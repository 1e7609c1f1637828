@testable import Capture

/// Time and waiting for tests: nothing sleeps, every wait just moves the clock.
final class ScriptedSurroundings: CaptureSurroundings {
  var time: Int64 = 1_000_000_000_000
  var isStopping = false
  var waits: [Int32] = []
  /// For each wait for devices, whether a card was plugged in meanwhile; false when it runs out.
  var arrivals: [Bool] = []
  /// After how many waits for devices the loop is told to stop.
  var stopsAfterWaits = Int.max
  /// Called before any wait: what other threads do meanwhile.
  var meanwhile: () -> Void = {}

  func now() -> Int64 { time }

  func waitForDevices(milliseconds: Int32) -> Bool {
    meanwhile()
    waits.append(milliseconds)
    isStopping = waits.count >= stopsAfterWaits
    time += Int64(milliseconds) * 1_000_000
    return arrivals.isEmpty ? false : arrivals.removeFirst()
  }

  func pause(milliseconds: Int32) {
    meanwhile()
    time += Int64(milliseconds) * 1_000_000
  }
}
