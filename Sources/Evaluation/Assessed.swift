/// What became of the recordings of a manifest, in its order.
public struct Assessed: Sendable {
  /// Those that were heard.
  public private(set) var recordings: [AssessedRecording] = []
  /// Those that were not.
  public private(set) var unreadable: [UnreadableRecording] = []

  /// Parts what was heard from what was not.
  init(_ results: [Result<AssessedRecording, UnreadableRecording>]) {
    for result in results {
      switch result {
      case .success(let recording): recordings.append(recording)
      case .failure(let recording): unreadable.append(recording)
      }
    }
  }
}

/// A recording of a manifest that cannot be heard.
public struct UnreadableRecording: Error, CustomStringConvertible {
  let place: String
  let problem: String

  /// One sentence: what, where, what to do.
  public var description: String { "\(place): \(problem)" }
}
