import CALSA

/// The PCMs that libasound's configuration defines: its own, those of packages and those of
/// /etc/asound.conf.
///
/// PCMs are only looked up by name: none is opened, and their cards may be absent.
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

  /// Whether the PCM called `name`, such as `hw:1,0`, is defined. The part after the colon is not
  /// checked: the PCM judges it when opened. True without a configuration to look in, and for a
  /// name with a dot: that is a path into the configuration, parts of which cards define only when
  /// opened.
  public func define(_ name: String) -> Bool {
    let key = name.prefix { $0 != ":" }
    guard let root, !key.contains(".") else { return true }
    var found: OpaquePointer?
    return snd_config_search(root, "pcm.\(key)", &found) >= 0
  }
}
