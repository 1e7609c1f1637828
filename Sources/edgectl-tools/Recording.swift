/// A recording as a command hears it.
struct Recording {
  /// The network's samples, 16 000 a second.
  let samples: [Int16]
  /// Where they are of a channel that is silent beside others that are not.
  let silentChannel: SilentChannel?
}
