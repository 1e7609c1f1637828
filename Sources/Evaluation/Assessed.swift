/// The results for the recordings of a manifest, in its order.
public struct Assessed: Sendable {
  /// Recordings that were judged.
  public private(set) var recordings: [AssessedRecording] = []
  /// Recordings that could not be read.
  public private(set) var unreadable: [UnreadableRecording] = []

  /// Separates what was judged from what could not be read.
  init(_ results: [Result<AssessedRecording, UnreadableRecording>]) {
    for result in results {
      switch result {
      case .success(let recording): recordings.append(recording)
      case .failure(let recording): unreadable.append(recording)
      }
    }
  }
}

/// A recording of a manifest that cannot be read.
public struct UnreadableRecording: Error, CustomStringConvertible {
  let place: String
  let problem: String

  /// One sentence: what is wrong, where, what to do.
  public var description: String { "\(place): \(problem)" }
}
