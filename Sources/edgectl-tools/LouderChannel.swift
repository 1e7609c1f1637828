import Glibc

/// A channel that is much louder than the chosen one, in a recording whose voice may be on it.
struct LouderChannel {
  /// Counted from 0, like `--channel`.
  let chosen: Int
  /// The recording's number of channels.
  let channels: Int
  /// The loudest of all.
  let loudest: Int

  private let peaks: (chosen: UInt16, loudest: UInt16)

  /// Nil unless the loudest channel has twice the peak of `chosen`; `peaks` has one value per
  /// channel.
  init?(than chosen: Int, peaks: [UInt16]) {
    let loudest = peaks.indices.max { peaks[$0] < peaks[$1] }!
    guard peaks[loudest] > 0, peaks[loudest] / 2 >= peaks[chosen] else { return nil }
    self.chosen = chosen
    self.channels = peaks.count
    self.loudest = loudest
    self.peaks = (peaks[chosen], peaks[loudest])
  }

  /// What is wrong with the chosen channel and what to do, as the end of a sentence.
  var words: String {
    let other = channels == 2 ? "the other" : "the loudest"
    guard peaks.chosen > 0 else {
      return "channel \(chosen) of \(channels) is silence; --channel \(loudest) hears \(other)"
    }
    let (own, best) = (Self.decibels(peaks.chosen), Self.decibels(peaks.loudest))
    return "channel \(chosen) of \(channels) has no voice above its noise, and its loudest sample"
      + " is at \(own) dBFS; --channel \(loudest) hears \(other), which has \(best)"
  }

  /// A peak in dB of full scale, rounded.
  static func decibels(_ peak: UInt16) -> Int {
    Int((20 * log10(Double(peak) / 32_768)).rounded())
  }
}
