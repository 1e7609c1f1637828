import Foundation
import Testing

/// Runs the tests of a suite beside those that compute, because they wait: for programs, sockets
/// and time.
///
/// Swift runs tests on as many threads as there are processors, and a test that blocks keeps one of
/// them from everybody. Those of a suite with this trait run on threads of their own, and so few of
/// them at once that a daemon under test still comes in time on a machine with two processors.
public struct WaitingTrait: SuiteTrait, TestScoping {
  /// Has the whole suite run there, from its first test on.
  public func provideScope(
    for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
  ) async throws {
    try await withTaskExecutorPreference(WaitingThreads.shared) { try await function() }
  }
}

extension Trait where Self == WaitingTrait {
  /// For suites whose tests wait for programs, sockets or time.
  public static var waiting: Self { Self() }
}

/// A few threads that take turns with the tests that wait.
private final class WaitingThreads: TaskExecutor, @unchecked Sendable {
  static let shared = WaitingThreads(count: 4)

  /// Guards the jobs, and tells that there is one.
  private let condition = NSCondition()
  private var jobs: [UnownedJob] = []

  init(count: Int) {
    for _ in 0..<count { Thread.detachNewThread { [self] in serve() } }
  }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    condition.withLock { jobs.append(job) }
    condition.signal()
  }

  /// Runs jobs, the one that waits longest first, as long as the process lives.
  private func serve() -> Never {
    while true {
      next().runSynchronously(on: asUnownedTaskExecutor())
    }
  }

  private func next() -> UnownedJob {
    condition.withLock {
      while jobs.isEmpty { condition.wait() }
      return jobs.removeFirst()
    }
  }
}
