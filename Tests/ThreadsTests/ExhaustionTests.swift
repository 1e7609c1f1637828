import Glibc
import Testing

@testable import Threads

/// What the system refuses ends the process with a sentence and a status, never with a trap.
@Suite struct ExhaustionTests {
  private func says(_ what: String, _ outcome: ExitTest.Result?) -> Bool {
    let text = String(decoding: outcome?.standardErrorContent ?? [], as: UTF8.self)
    return text.contains("edged: error: the system gives no more \(what); take streams away")
      && text.contains("\n")
  }

  @Test func memoryForSoundThatIsRefused() async {
    let outcome = await #expect(
      processExitsWith: .exitCode(71), observing: [\.standardErrorContent]
    ) { _ = LockedMemory(count: 1 << 50) }
    #expect(says("memory", outcome))
  }

  @Test func aStackThatIsRefused() async {
    let outcome = await #expect(
      processExitsWith: .exitCode(71), observing: [\.standardErrorContent]
    ) { _ = ThreadStack(count: 1 << 50) }
    #expect(says("memory", outcome))
  }

  @Test func aThreadThatIsRefused() async {
    let outcome = await #expect(
      processExitsWith: .exitCode(71), observing: [\.standardErrorContent]
    ) {
      // The limit binds nobody who may do everything.
      if geteuid() == 0 { setuid(65_534) }
      var none = rlimit(rlim_cur: 0, rlim_max: 0)
      setrlimit(__rlimit_resource_t(__RLIMIT_NPROC.rawValue), &none)
      WorkerThread("refused") {}.join()
    }
    #expect(says("threads", outcome))
  }

  @Test func memoryThatThereIsNotIsNotSaidToBeThere() {
    #expect(LockedMemory.isAvailable(count: 1 << 20))
    #expect(LockedMemory.isAvailable(count: 0))
    #expect(!LockedMemory.isAvailable(count: 1 << 50))
  }
}
