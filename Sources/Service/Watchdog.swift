/// Decides whether the daemon is alive: only if every one of its workers is.
///
/// A worker counts its steps. It is alive when the count has moved since the last look, or when it
/// has an excuse now or had one then: nothing to do, or finished. (What comes just before a look
/// cannot have been worked off yet.) So a thread that hangs anywhere stops the keep-alive,
/// and systemd restarts the daemon, while a microphone that is missing does not: the thread that
/// looks for it moves.
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
  /// The steps of each at the last look; nil where it had an excuse.
  private var seen: [Int?] = []

  /// A watchdog that has nobody to look at yet.
  public init() {}

  /// Looks at `workers` from now on. What it has seen of those that it looked at before still
  /// counts: else one that hangs would be overlooked as long as others come and go.
  public mutating func watch(_ workers: [Worker]) {
    seen = workers.map { worker in
      let before = self.workers.firstIndex { $0.counter === worker.counter }
      return before.flatMap { seen[$0] }
    }
    self.workers = workers
  }

  /// Looks at every worker; the names of those that have stood still since the last look without an
  /// excuse at either.
  public mutating func stalledWorkers() -> [String] {
    workers.indices.compactMap { index in
      let steps = workers[index].isExcused() ? nil : workers[index].steps()
      defer { seen[index] = steps }
      return steps != nil && steps == seen[index] ? workers[index].name : nil
    }
  }
}
