import CALSA

/// The PCMs that libasound's configuration defines: its own, the packages' and /etc/asound.conf.
///
/// Only asked for by name: none is opened, and the cards that they are on may be away.
public struct LibraryNames: ~Copyable {
  private var root: OpaquePointer?

  /// Reads the configuration that a PCM opened now would be looked up in.
  public init() {
    calsa_silence_messages()
    var update: OpaquePointer?
    guard snd_config_update_r(&root, &update, nil) >= 0 else { return }
    snd_config_update_free(update)
  }

  deinit {
    if let root { snd_config_delete(root) }
  }

  /// Whether the PCM called `name`, such as `hw:1,0`, is defined. What follows the colon is its own
  /// to judge, when it is opened. True where there is no configuration to look in, and for a name
  /// with a point, which is a path into the configuration, of which cards define their parts when
  /// they are opened.
  public func define(_ name: String) -> Bool {
    let key = name.prefix { $0 != ":" }
    guard let root, !key.contains(".") else { return true }
    var found: OpaquePointer?
    return snd_config_search(root, "pcm.\(key)", &found) >= 0
  }
}
