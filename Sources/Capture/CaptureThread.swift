import SoundDevices
import Threads

/// The thread that runs one `CaptureLoop`.
public final class CaptureThread {
  private let signal: StopSignal
  private let worker: WorkerThread

  /// Starts a thread that reads the source called `name` for `taps` until `stop` is called.
  public init(
    name: DeviceName, request: CaptureRequest, taps: [CaptureLoop.Tap], health: CaptureHealth
  ) {
    signal = StopSignal()
    let surroundings = DeviceWatch(stop: signal)
    let loop = CaptureLoop(
      device: Self.device(name, request, surroundings, taps), taps: taps,
      surroundings: surroundings, health: health)
    worker = WorkerThread("capture") { loop.run() }
  }

  /// Whether the thread's stack is kept out of swap.
  public var isLocked: Bool { worker.isLocked }

  /// Asks the thread to stop, and does not wait for it.
  public func requestStop() { signal.request() }

  /// Asks the thread to stop and waits for it: at most one wait for samples, unless libasound or a
  /// driver blocks it in an open or a read. Only the watchdog ends that.
  public func stop() {
    requestStop()
    worker.join()
  }

  private static func device(
    _ name: DeviceName, _ request: CaptureRequest, _ surroundings: DeviceWatch,
    _ taps: [CaptureLoop.Tap]
  ) -> any PCMDevice {
    switch name {
    case .wave(let path):
      WaveReplay(path: path, pace: .recorded, request: request, surroundings: surroundings)
    case .fastWave(let path):
      WaveReplay(path: path, pace: .unbounded, request: request, surroundings: surroundings)
    case .standardInput: RawInput(afterPause: taps.allSatisfy { $0.causeOfAbsence == .pause })
    case .auto, .card, .byPath, .byID, .pcm: ALSADevice(name: name, request: request)
    }
  }
}
