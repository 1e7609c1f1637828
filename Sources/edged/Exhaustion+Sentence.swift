import Glibc
import Service
import Threads

extension Exhaustion {
  /// Makes exhaustion end the process with a line in `log` that says which limit it was. The lines
  /// are made here: later there may be no memory to make them.
  static func prepareEnding(log: Log) {
    let noMemory = log.prepare(
      .error, .exhausted,
      "the system gives no more memory; take streams away, take a smaller model, or raise LimitDATA"
    )
    let noThreads = log.prepare(
      .error, .exhausted,
      "the system gives no more threads; take streams away, or raise TasksMax")
    ending = { exhaustion in
      switch exhaustion {
      case .memory: noMemory.write()
      case .threads: noThreads.write()
      }
      _exit(ExitStatus.exhausted)
    }
  }
}
