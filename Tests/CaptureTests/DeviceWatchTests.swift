import Glibc
import TestSupport
import Testing
import Threads

@testable import Capture

/// What the real /dev/snd does, in a folder of its own: how soon a card that comes is noticed.
@Suite(.waiting) struct DeviceWatchTests {
  private let root = TemporaryFolder()
  private var folder: String { root.path("snd") }
  private let stop = StopSignal()

  /// Whether a change is noticed, and after how many milliseconds, when `change` is made 50 ms from
  /// now.
  private func wait(_ watch: DeviceWatch, while change: @escaping () -> Void) -> (Bool, Int64) {
    let worker = WorkerThread("change") {
      usleep(50_000)
      change()
    }
    let start = watch.now()
    let isNoticed = watch.waitForDevices(milliseconds: 3000)
    let took = (watch.now() - start) / 1_000_000
    worker.join()
    return (isNoticed, took)
  }

  @Test func aNodeThatIsCreatedOrWhoseAttributesChangeIsNoticedAtOnce() {
    mkdir(folder, 0o755)
    let watch = DeviceWatch(stop: stop, folder: folder)
    let node = "\(folder)/pcmC0D0c"
    for change in [{ close(creat(node, 0)) }, { chmod(node, 0o660) }] as [() -> Int32] {
      let (isNoticed, took) = wait(watch) { _ = change() }
      #expect(isNoticed)
      #expect(took < 1500, "milliseconds")
    }
    #expect(!watch.waitForDevices(milliseconds: 50), "a change is told once")
  }

  @Test func theFirstCardOfAMachineIsNoticed() {
    let watch = DeviceWatch(stop: stop, folder: folder)
    let (isFolderNoticed, _) = wait(watch) { mkdir(folder, 0o755) }
    #expect(isFolderNoticed)
    let (isNodeNoticed, took) = wait(watch) { close(creat("\(folder)/pcmC0D0c", 0o660)) }
    #expect(isNodeNoticed)
    #expect(took < 1500, "milliseconds")
  }

  @Test func aCardAfterTheLastOneWentWithItsFolderIsNoticed() {
    mkdir(folder, 0o755)
    let watch = DeviceWatch(stop: stop, folder: folder)
    rmdir(folder)
    while watch.waitForDevices(milliseconds: 50) {}
    let (isNoticed, _) = wait(watch) { mkdir(folder, 0o755) }
    #expect(isNoticed)
  }

  @Test func aStormOfChangesDoesNotBurnTheProcessor() {
    mkdir(folder, 0o755)
    let node = "\(folder)/pcmC0D0c"
    close(creat(node, 0o660))
    let watch = DeviceWatch(stop: stop, folder: folder)
    let ended = StopSignal()
    let storm = WorkerThread("storm") {
      while !ended.isRequested {
        chmod(node, 0o660)
        usleep(200)
      }
    }
    let start = watch.now()
    var wakes = 0
    while watch.now() - start < 500_000_000 {
      if watch.waitForDevices(milliseconds: 100) { wakes += 1 }
    }
    ended.request()
    storm.join()
    #expect(wakes > 0)
    #expect(wakes <= 26, "one in 20 ms at most")
  }

  @Test func stoppingEndsAnyWait() {
    let watch = DeviceWatch(stop: stop, folder: folder)
    let (isNoticed, took) = wait(watch) { stop.request() }
    #expect(!isNoticed)
    #expect(took < 1500)
  }
}
