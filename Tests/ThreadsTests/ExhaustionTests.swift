import Glibc
import Testing

@testable import Threads

/// What the system refuses ends the process as its program wants it, never with a trap.
@Suite struct ExhaustionTests {
  /// Has this process end with a status for each that the default does not have.
  private static func tell() {
    Exhaustion.ending = { exhaustion in
      switch exhaustion {
      case .memory: _exit(41)
      case .threads: _exit(42)
      }
    }
  }

  @Test func memoryForSoundThatIsRefused() async {
    await #expect(processExitsWith: .exitCode(41)) {
      Self.tell()
      _ = LockedMemory(count: 1 << 50)
    }
  }

  @Test func aStackThatIsRefused() async {
    await #expect(processExitsWith: .exitCode(41)) {
      Self.tell()
      _ = ThreadStack(count: 1 << 50)
    }
  }

  @Test func aThreadThatIsRefused() async {
    await #expect(processExitsWith: .exitCode(42)) {
      Self.tell()
      // The limit binds nobody who may do everything.
      if geteuid() == 0 { setuid(65_534) }
      var none = rlimit(rlim_cur: 0, rlim_max: 0)
      setrlimit(__rlimit_resource_t(__RLIMIT_NPROC.rawValue), &none)
      WorkerThread("refused") {}.join()
    }
  }

  @Test func memoryThatThereIsNotIsNotSaidToBeThere() {
    #expect(LockedMemory.isAvailable(count: 1 << 20))
    #expect(LockedMemory.isAvailable(count: 0))
    #expect(!LockedMemory.isAvailable(count: 1 << 50))
  }
}
