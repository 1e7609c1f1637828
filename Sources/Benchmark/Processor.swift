import Glibc

/// The machine's name for itself.
public enum Processor {
  /// The processor's or the board's name according to the kernel; nil if it does not say.
  public static var name: String? { boardName ?? modelName }

  /// For boards with a device tree, such as the Raspberry Pi.
  private static var boardName: String? {
    firstLines(of: "/proc/device-tree/model", count: 1).first.map { line in
      String(line.prefix { $0 != "\0" })
    }
  }

  private static var modelName: String? {
    firstLines(of: "/proc/cpuinfo", count: 30).first { $0.hasPrefix("model name") }
      .flatMap { line in line.firstIndex(of: ":").map { line[line.index($0, offsetBy: 2)...] } }
      .map { $0.filter { $0 != "\n" } }
  }

  private static func firstLines(of path: String, count: Int) -> [String] {
    guard let file = fopen(path, "r") else { return [] }
    defer { fclose(file) }
    var lines: [String] = []
    var buffer = [CChar](repeating: 0, count: 512)
    while lines.count < count, fgets(&buffer, Int32(buffer.count), file) != nil {
      lines.append(buffer.withUnsafeBufferPointer { String(cString: $0.baseAddress!) })
    }
    return lines
  }
}
