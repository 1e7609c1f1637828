/// Which edged this is. The daemon and its commands are of one release.
public enum Release {
  /// The version that `--version`, `hello` and the log name.
  public static let version = "0.1.0"
}
