/// What the capture loop needs besides its device: time, and waiting. Scripted in tests.
protocol CaptureSurroundings: AnyObject {
  /// Nanoseconds of CLOCK_MONOTONIC.
  func now() -> Int64
  /// Waits until the system's sound devices have changed, `stop` was asked for, or `milliseconds`
  /// passed. True when devices changed.
  func waitForDevices(milliseconds: Int32) -> Bool
  /// Waits until `stop` was asked for or `milliseconds` passed.
  func pause(milliseconds: Int32)
  /// Whether the loop is to end.
  var isStopping: Bool { get }
}
