/// A recording prepared for a command.
struct Recording {
  /// The samples at the network's rate of 16 000 per second.
  let samples: [Int16]
  /// Set if another channel is much louder than the chosen one.
  let louderChannel: LouderChannel?
}
