import Glibc

/// A channel that is four times as loud as the chosen one or more, in a recording whose voice may be
/// on it.
struct LouderChannel {
  private let chosen: Int
  private let loudest: Int
  private let peaks: [UInt16]

  /// Nil if no channel is as loud; `chosen` counts from 0, like `--channel`, and `peaks` has one
  /// value per channel.
  init?(than chosen: Int, peaks: [UInt16]) {
    let loudest = peaks.indices.max { peaks[$0] < peaks[$1] }!
    guard peaks[loudest] > 0, peaks[loudest] / 4 >= peaks[chosen] else { return nil }
    self.chosen = chosen
    self.loudest = loudest
    self.peaks = peaks
  }

  /// What is wrong with the chosen channel and what to do, as the end of a sentence.
  var words: String {
    let advice = "; --channel \(loudest) hears \(peaks.count == 2 ? "the other" : "the loudest")"
    guard peaks[chosen] > 0 else {
      return "channel \(chosen) of \(peaks.count) is silence" + advice
    }
    let decibels = 20 * log10(Double(peaks[loudest]) / Double(peaks[chosen]))
    return "channel \(chosen) of \(peaks.count) has no voice above its noise\(advice),"
      + " which is \(Int(decibels.rounded())) dB louder"
  }
}
