import Glibc
import JSON

/// Why a file cannot serve as the device's model, with one case per remedy.
public enum ModelLoadProblem: Error, Equatable {
  /// The system refuses to open or read it; `code` is its errno.
  case unreadable(path: String, code: Int32)
  /// A folder, a pipe, a device.
  case notAFile(path: String)
  /// Beyond `LoadedModel.maximumSize`.
  case tooLarge(path: String, size: Int)
  /// It was truncated while being read.
  case changing(path: String)
  /// A float model, which must first be converted, into a file such as `converted`.
  case floatModel(path: String, converted: String = "emotion.edge")
  /// A speech detector's own file, without emotions.
  case detector(path: String)
  /// Its content is invalid.
  case invalid(path: String, ModelProblem)
  /// Its model card is not a JSON object.
  case card(path: String, JSONProblem)
}

extension ModelLoadProblem: CustomStringConvertible {
  /// One sentence: what is wrong, where, what to do.
  public var description: String {
    switch self {
    case .unreadable(let path, let code):
      "cannot read the model \(path): \(String(cString: strerror(code)))"
        + (code != ENOENT
          ? "; make it readable, or copy it again."
          : path != LoadedModel.installedPath
            ? "; name one that exists." : "; install edged-model-default, or name another.")
    case .notAFile(let path):
      "cannot use \(path) as a model: it is not a file; name the .edge file itself."
    case .tooLarge(let path, let size):
      "cannot use \(path) as a model: it has \(size) bytes and \(LoadedModel.maximumSize) are allowed; name a file that “edgectl quantize” made."
    case .changing(let path):
      "cannot use the model \(path): it changed while it was read; try again when it is complete."
    case .floatModel(let path, let converted):
      "cannot use \(path) on the device: it is a float model; convert it with"
        + " “edgectl quantize \(path) -o \(converted) --calibrate DIR”."
    case .detector(let path):
      "cannot use \(path) as a model: it is a speech detector's file and names no emotions;"
        + " “edgectl inspect” shows it, “edgectl quantize --detector” puts it into a model."
    case .invalid(let path, let problem):
      "cannot use \(path) as a model: \(problem)."
    case .card(let path, let problem):
      "cannot use \(path) as a model: its model card is no JSON object (\(problem)); convert it again."
    }
  }
}
