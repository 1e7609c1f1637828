import Foundation
import Recognition
import Synchronization

/// What became of one recording of a manifest.
public struct AssessedRecording: Sendable {
  /// What the manifest says.
  public let entry: Manifest.Entry
  /// Segments that were heard in it.
  public let segments: Int
  /// The label with the highest score; nil when no speech was heard.
  public let predicted: Int?
  /// One a label of the model, ten-thousandths; empty when no speech was heard.
  public let scores: [Int]
}

/// Runs a manifest through a model, session by session.
public struct Assessment: Sendable {
  private let manifest: Manifest
  private let labels: ModelLabels

  /// An assessment of a manifest, all of whose labels the model must know.
  public init(_ manifest: Manifest, labels: ModelLabels) throws {
    if let stranger = manifest.entries.first(where: { !labels.labels.contains($0.label) }) {
      throw UnknownLabel(entry: stranger, labels: labels.labels)
    }
    self.manifest = manifest
    self.labels = labels
  }

  /// A label in the manifest that the model does not have.
  public struct UnknownLabel: Error, CustomStringConvertible {
    let entry: Manifest.Entry
    let labels: [String]

    /// One sentence: what, where, what to do.
    public var description: String {
      "\(entry.path) is labelled “\(entry.label)”, which this model does not know: its labels are "
        + labels.joined(separator: ", ") + "."
    }
  }

  /// Judges every recording with `jobs` judges side by side, and returns them in the manifest's order.
  ///
  /// `makeJudge` and `samples` run on several threads at once; `progress` is told of each recording. The first error ends it.
  public func run(
    jobs: Int, makeJudge: @Sendable () throws -> any RecordingJudge,
    samples: @Sendable (String) throws -> [Int16], progress: @Sendable () -> Void
  ) throws -> [AssessedRecording] {
    let sittings = manifest.sittings
    let next = Atomic<Int>(0)
    let outcome = Mutex<Outcome>(Outcome(count: manifest.entries.count))
    DispatchQueue.concurrentPerform(iterations: max(1, jobs)) { _ in
      do {
        let judge = try makeJudge()
        while outcome.withLock({ $0.error == nil }) {
          let index = next.add(1, ordering: .relaxed).oldValue
          guard index < sittings.count else { return }
          judge.restart()
          for recording in sittings[index] {
            let entry = manifest.entries[recording]
            let judgement = judge.judge(try samples(entry.path))
            let assessed = assess(entry, judgement)
            outcome.withLock { $0.recordings[recording] = assessed }
            progress()
          }
        }
      } catch {
        outcome.withLock { $0.error = $0.error ?? error }
      }
    }
    return try outcome.withLock { outcome in
      if let error = outcome.error { throw error }
      return outcome.recordings.compactMap { $0 }
    }
  }

  private struct Outcome {
    var recordings: [AssessedRecording?]
    var error: (any Error)?

    init(count: Int) {
      recordings = Array(repeating: nil, count: count)
    }
  }

  private func assess(_ entry: Manifest.Entry, _ judgement: ClipJudgement) -> AssessedRecording {
    guard let logits = judgement.logits else {
      return AssessedRecording(entry: entry, segments: 0, predicted: nil, scores: [])
    }
    let scores = labels.scores(logits)
    let top = scores.indices.max { (scores[$0], $1) < (scores[$1], $0) }
    return AssessedRecording(
      entry: entry, segments: judgement.segments, predicted: top, scores: scores)
  }
}
