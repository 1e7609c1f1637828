import EventStream
import JSON
import Text

/// What the daemon says of one stream in `hello` and `status`, for people.
struct StreamSentence {
  private let stream: JSONObject

  /// The sentence about a member of `streams`.
  init(_ stream: JSONObject) {
    self.stream = stream
  }

  /// Who is heard on which device, and the device's state.
  var text: String {
    "\(word("name")): \(word("role")) on \(word("device")) channel \(word("channel")), \(state)"
  }

  /// The device's state and, where that does not say it, the reason.
  private var state: String {
    let state = word("state")
    guard let reason = stream["reason"]?.string, ![state, "requested"].contains(reason)
    else { return state }
    if reason == "ended" { return "its recording has come to its end" }
    return "\(state) (\(word("reason").split(separator: "_").joined(separator: " ")))"
  }

  private func word(_ member: String) -> String {
    (stream[member].map { $0.string ?? $0.description } ?? "?").printable
  }
}
