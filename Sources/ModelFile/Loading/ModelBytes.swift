import Glibc

/// Reads whole model files into private memory, and recognizes other kinds of files.
enum ModelBytes {
  static func read(_ path: String) throws(ModelLoadProblem) -> PrivateMemory {
    // Without O_NONBLOCK, opening a named pipe would block.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw .unreadable(path: path, code: errno) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw .unreadable(path: path, code: errno) }
    guard status.st_mode & S_IFMT == S_IFREG else { throw .notAFile(path: path) }
    let size = Int(status.st_size)
    guard size > 0 else { throw .invalid(path: path, .tooShort(size: 0)) }
    guard size <= LoadedModel.maximumSize else { throw .tooLarge(path: path, size: size) }
    guard let memory = PrivateMemory(size: size) else { throw .unreadable(path: path, code: errno) }
    var filled = 0
    while filled < size {
      let count = Glibc.read(descriptor, memory.bytes.baseAddress! + filled, size - filled)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw .unreadable(path: path, code: errno) }
      guard count > 0 else { throw .changing(path: path) }
      filled += count
    }
    return memory
  }

  static func looksLikeSafetensors(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard bytes.count > 10, bytes[8] == UInt8(ascii: "{") else { return false }
    return bytes.load(as: UInt64.self) < UInt64(bytes.count)
  }

  /// The problem with the file at `path` whose content is `bytes`; a specific one for model files
  /// of another kind.
  static func problem(
    _ problem: ModelProblem, _ bytes: UnsafeRawBufferPointer, path: String
  ) -> ModelLoadProblem {
    switch problem {
    case .foreign where looksLikeSafetensors(bytes): return .floatModel(path: path)
    case .missing where isDetector(bytes): return .detector(path: path)
    default: return .invalid(path: path, problem)
    }
  }

  /// Whether it is a speech detector and nothing else.
  private static func isDetector(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard let container = try? ModelContainer(bytes) else { return false }
    return container.section(.detector) != nil && container.section(.labels) == nil
  }
}
