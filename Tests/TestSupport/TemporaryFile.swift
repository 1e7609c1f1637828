/// A file in a folder of its own, both removed when this object goes away.
public final class TemporaryFile {
  /// Where it lies.
  public let path: String
  private let folder = TemporaryFolder()

  /// A file with these bytes.
  public init(_ bytes: some Sequence<UInt8>, named name: String = "file") {
    path = try! folder.file(name, bytes)
  }
}
