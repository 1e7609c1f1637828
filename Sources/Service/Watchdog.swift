/// Decides whether the daemon is alive: only if every one of its workers is.
///
/// A worker counts its steps. It is alive when the count has advanced since the last check, or when
/// it was excused at either check: nothing to do, or finished. (What arrives just before a check
/// cannot have been processed yet.) So a thread that hangs anywhere stops the keep-alive, and
/// systemd restarts the daemon. A missing microphone does not: the thread that looks for it
/// advances.
public struct Watchdog {
  /// One thread's sign of life.
  public struct Worker {
    /// What it is called in the log.
    public var name: String
    /// How many steps it has made.
    public var steps: () -> Int
    /// Whether it may stand still.
    public var isExcused: () -> Bool
    /// What counts the steps: the same object is the same worker.
    public var counter: AnyObject

    /// A worker; see the properties.
    public init(
      name: String, counter: AnyObject, steps: @escaping () -> Int,
      isExcused: @escaping () -> Bool = { false }
    ) {
      self.name = name
      self.counter = counter
      self.steps = steps
      self.isExcused = isExcused
    }
  }

  private var workers: [Worker] = []
  /// The steps of each at the last check; nil where it was excused.
  private var seen: [Int?] = []

  /// A watchdog without workers.
  public init() {}

  /// Checks `workers` from now on. What was seen of those already watched still counts; otherwise
  /// one that hangs would be overlooked as long as others come and go.
  public mutating func watch(_ workers: [Worker]) {
    seen = workers.map { worker in
      let before = self.workers.firstIndex { $0.counter === worker.counter }
      return before.flatMap { seen[$0] }
    }
    self.workers = workers
  }

  /// Checks every worker; returns the names of those that have stood still since the last check and
  /// were excused at neither.
  public mutating func stalledWorkers() -> [String] {
    workers.indices.compactMap { index in
      let steps = workers[index].isExcused() ? nil : workers[index].steps()
      defer { seen[index] = steps }
      return steps != nil && steps == seen[index] ? workers[index].name : nil
    }
  }
}
