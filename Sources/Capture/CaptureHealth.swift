import SoundDevices
import Synchronization
import Threads

/// The state of a capture loop that other threads may read at any time.
public final class CaptureHealth: Sendable {
  /// The device as the configuration names it.
  public let deviceName: String
  /// Advances with every read and every attempt to open the device.
  public let progress = Progress()
  private let problem = Mutex<OpenProblem?>(nil)

  private let locked = Atomic<Bool>(true)

  /// The health of a loop that has not started.
  public init(deviceName: String) { self.deviceName = deviceName }

  /// Why the device is not open; nil when it is, or was not tried yet.
  public var lastProblem: OpenProblem? { problem.withLock { $0 } }

  /// Whether the memory that holds the samples just read is locked; true before there is any.
  public var isLocked: Bool { locked.load(ordering: .relaxed) }

  func remember(isLocked: Bool) { locked.store(isLocked, ordering: .relaxed) }

  func remember(_ newProblem: OpenProblem?) { problem.withLock { $0 = newProblem } }
}
