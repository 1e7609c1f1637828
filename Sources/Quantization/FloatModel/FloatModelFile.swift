import Evaluation
import Glibc
import ModelFile

/// A float model's file, recognized by its content.
public enum FloatModelFile {
  /// Why a path does not lead to a float model.
  public enum Problem: Error, CustomStringConvertible {
    /// The system refuses to read it.
    case unreadable(path: String, code: Int32)
    /// A pipe, a device.
    case notAFile(path: String)
    /// It is already a device's model.
    case deviceModel(path: String)
    /// Its content is invalid.
    case invalid(path: String, FloatModelProblem)

    /// One sentence: what is wrong, where, what to do.
    public var description: String {
      switch self {
      case .unreadable(let path, EISDIR):
        "cannot read the model \(path): it is a folder; name a file in it."
      case .unreadable(let path, let code):
        "cannot read the model \(path): \(String(cString: strerror(code)))"
          + (code == ENOENT ? "; name one that exists." : ".")
      case .notAFile(let path):
        "cannot use \(path) as a float model: it is not a file; name the safetensors file itself."
      case .deviceModel(let path):
        "\(path) is an int8 model already: give the float model that it was made of."
      case .invalid(let path, let problem): "cannot use \(path) as a float model: \(problem)"
      }
    }
  }

  /// Reads the float model at `path`.
  public static func read(_ path: String) throws(Problem) -> FloatModel {
    let bytes = try contents(path)
    guard !isDeviceModel(bytes) else { throw .deviceModel(path: path) }
    do throws(FloatModelProblem) {
      return try FloatModel(bytes)
    } catch {
      throw .invalid(path: path, error)
    }
  }

  private static func isDeviceModel(_ bytes: [UInt8]) -> Bool {
    bytes.count >= 8
      && bytes.withUnsafeBytes { $0.loadUnaligned(as: UInt64.self) } == ContainerLayout.magic
  }

  /// Reads a whole file. Errors are in the system's own words: Foundation's are long and say
  /// little.
  private static func contents(_ path: String) throws(Problem) -> [UInt8] {
    // Without O_NONBLOCK, opening a named pipe would block.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw .unreadable(path: path, code: errno) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw .unreadable(path: path, code: errno) }
    // The system reports that it is a folder only on reading.
    guard [S_IFREG, S_IFDIR].contains(status.st_mode & S_IFMT) else { throw .notAFile(path: path) }
    guard let bytes = allBytes(of: descriptor) else {
      throw .unreadable(path: path, code: errno)
    }
    return bytes
  }
}
