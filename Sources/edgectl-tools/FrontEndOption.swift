import Acoustics
import ArgumentParser
import Evaluation
import JSON
import Quantization

/// The front end of a command without a model.
struct FrontEndOption: ParsableArguments {
  @Option(
    name: .customLong("front-end"),
    help: ArgumentHelp(
      "What to compute, as JSON like the front_end of a model.bin. Without it: what --detector computes, or else 40 mel bands, 60 to 7600 Hz, and the level.",
      valueName: "front_end.json"), completion: .file())
  var path: String?

  /// Why there is no front end.
  private enum Problem: Error, CustomStringConvertible {
    case unreadable(path: String, reason: String)
    case notJSON(path: String, JSONProblem)
    case invalid(path: String, FloatModelProblem)

    var description: String {
      switch self {
      case .unreadable(let path, let reason):
        "cannot read the front end \(path): \(reason)."
      case .notJSON(let path, let problem):
        "the front end \(path) is not valid JSON: \(problem); FORMATS.md describes it."
      case .invalid(let path, let problem): "\(path) describes no front end: \(problem)"
      }
    }
  }

  /// The definition in the file; nil if none was named.
  func given() throws -> FrontEndDefinition? {
    guard let path else { return nil }
    let text: String
    do throws(TextFile.Problem) {
      text = try TextFile.read(path)
    } catch {
      throw Problem.unreadable(path: path, reason: error.reason)
    }
    let document: JSONValue
    do throws(JSONProblem) {
      document = try JSONValue(parsing: text)
    } catch {
      throw Problem.notJSON(path: path, error)
    }
    do throws(FloatModelProblem) {
      return try FrontEndDefinition(document: document)
    } catch {
      throw Problem.invalid(path: path, error)
    }
  }
}
