/// A channel whose samples are all 0, in a recording whose voice may be on another one.
struct SilentChannel {
  /// Counted from 0, like `--channel`.
  let channel: Int
  /// The recording's number of channels.
  let channels: Int
  /// The loudest of the other channels.
  let loudest: Int

  /// Nil if `channel` is not silent, or all are; `peaks` has one value per channel.
  init?(_ channel: Int, peaks: [UInt16]) {
    let loudest = peaks.indices.max { peaks[$0] < peaks[$1] }!
    guard peaks[channel] == 0, peaks[loudest] > 0 else { return nil }
    self.channel = channel
    self.channels = peaks.count
    self.loudest = loudest
  }

  /// What is wrong and what to do, as the end of a sentence.
  var words: String {
    "channel \(channel) of \(channels) is silence; --channel \(loudest) hears "
      + (channels == 2 ? "the other" : "the loudest")
  }
}
