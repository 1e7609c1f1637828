import JSON
import Text

/// What was found at one of the things that `edgectl doctor` looks at.
struct Finding {
  /// What is to be made of it.
  enum Verdict: String {
    /// As it should be.
    case ok
    /// Works, and somebody may want to know.
    case note
    /// To be put right.
    case bad
    /// Could not be looked at, or there is nothing to look at.
    case skipped
  }

  /// What was looked at, in one word.
  let check: String
  let verdict: Verdict
  /// One sentence; where something is to be done, it says what.
  let message: String

  init(_ check: String, _ verdict: Verdict, _ message: String) {
    self.check = check
    self.verdict = verdict
    self.message = (message.hasSuffix(".") ? "\(message.dropLast())" : message).printable
  }

  /// As a line for people.
  var text: String { "\(verdict.rawValue.padded(7))  \(check.padded(13))  \(message)" }

  /// As an object for programs.
  var json: JSONValue {
    var object = JSONObject()
    object["check"] = .string(check)
    object["verdict"] = .string(verdict.rawValue)
    object["message"] = .string(message)
    return .object(object)
  }
}
