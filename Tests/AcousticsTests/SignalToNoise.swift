import Foundation

/// The signal-to-noise ratio of features, as the project defines it.
///
/// `10·log₁₀(Σ((c−μ)/σ)² / Σ(e/σ)²)`, μ and σ per coefficient over the speech frames. (Raw, 97.5 %
/// of the energy would be c0's and flatter everything else.)
struct SignalToNoise {
  let overall: Double
  let worstCoefficient: Double
  let worstFrame: Double
  /// Over all frames, silent ones included.
  let allFrames: Double

  init(exact: [[Double]], fixed: [[Double]], speech: [Bool]) {
    let columns = exact[0].indices
    let spoken = exact.indices.filter { speech[$0] }
    let means = columns.map { c in spoken.reduce(0) { $0 + exact[$1][c] } / Double(spoken.count) }
    let variances = columns.map { c in
      spoken.reduce(0) { $0 + pow(exact[$1][c] - means[c], 2) } / Double(spoken.count)
    }
    func signal(_ row: Int, _ c: Int) -> Double { pow(exact[row][c] - means[c], 2) / variances[c] }
    func noise(_ row: Int, _ c: Int) -> Double {
      pow(exact[row][c] - fixed[row][c], 2) / variances[c]
    }
    func ratio(_ rows: [Int], _ columns: Range<Int>) -> Double {
      var (s, n) = (0.0, 0.0)
      for row in rows { for c in columns { (s, n) = (s + signal(row, c), n + noise(row, c)) } }
      return 10 * log10(s / n)
    }
    overall = ratio(spoken, columns)
    worstCoefficient = columns.map { ratio(spoken, $0..<$0 + 1) }.min()!
    worstFrame = spoken.map { ratio([$0], columns) }.min()!
    allFrames = ratio(Array(exact.indices), columns)
  }

  /// Which frames are speech: at least −60 dBFS and within 30 dB of the loudest. `levels` are
  /// natural logarithms of LSB².
  static func speech(levels: [Double]) -> [Bool] {
    let decibels = levels.map { 10 * $0 / log(10) - 20 * log10(32768) }
    let loudest = decibels.max()!
    return decibels.map { $0 >= -60 && $0 >= loudest - 30 }
  }

  /// Σc²/Σe² in dB, for signals that have no deviation.
  static func raw(exact: [[Double]], fixed: [[Double]]) -> Double {
    var (s, n) = (0.0, 0.0)
    for (x, y) in zip(exact.joined(), fixed.joined()) {
      (s, n) = (s + x * x, n + (x - y) * (x - y))
    }
    return 10 * log10(s / n)
  }
}
