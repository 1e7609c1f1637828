import JSON
import Text

/// The result of one of the checks of `edgectl doctor`.
struct Finding {
  /// How good or bad it is.
  enum Verdict: String {
    /// As it should be.
    case ok
    /// Works, and somebody may want to know.
    case note
    /// To be put right.
    case bad
    /// Could not be checked, or there is nothing to check.
    case skipped
  }

  /// What was checked, in one word.
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
