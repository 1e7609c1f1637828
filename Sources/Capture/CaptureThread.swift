import CLinux
import Glibc

/// The thread that runs one `CaptureLoop`.
public final class CaptureThread {
  private let loop: CaptureLoop
  private let stop: StopSignal
  private var thread = pthread_t()

  /// Starts a thread that reads the source called `name` for `taps` until `join` is called.
  public init(
    name: DeviceName, request: CaptureRequest, taps: [CaptureLoop.Tap], health: CaptureHealth
  ) {
    stop = StopSignal()
    let surroundings = DeviceWatch(stop: stop)
    loop = CaptureLoop(
      device: Self.device(name, request, surroundings), taps: taps, surroundings: surroundings,
      health: health)
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    pthread_attr_setstacksize(&attributes, 256 << 10)
    let code = pthread_create(
      &thread, &attributes,
      { context in
        linux_name_this_thread("capture")
        Unmanaged<CaptureLoop>.fromOpaque(context!).takeUnretainedValue().run()
        return nil
      }, Unmanaged.passUnretained(loop).toOpaque())
    pthread_attr_destroy(&attributes)
    precondition(code == 0, "no more threads")
  }

  /// Asks the thread to stop and waits for it: at most one read's wait.
  public func join() {
    stop.set()
    pthread_join(thread, nil)
  }

  private static func device(
    _ name: DeviceName, _ request: CaptureRequest, _ surroundings: DeviceWatch
  ) -> any PCMDevice {
    switch name {
    case .wave(let path):
      WaveReplay(path: path, pace: .recorded, request: request, surroundings: surroundings)
    case .fastWave(let path):
      WaveReplay(path: path, pace: .unbounded, request: request, surroundings: surroundings)
    case .standardInput: RawInput()
    case .auto, .card, .byPath, .byID, .pcm: ALSADevice(name: name, request: request)
    }
  }
}
