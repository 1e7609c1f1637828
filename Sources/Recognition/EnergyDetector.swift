import FixedPoint

/// Detects speech as energy well above the recent minimum.
///
/// The energy of a frame is the mean of its log-mel bands, so one strong band (hum, a whistle)
/// counts for little; it is smoothed over about two frames. The floor is its minimum over the last
/// `blocks` blocks of `blockFrames` frames: speech dips to the floor between words, steady noise
/// becomes the floor within that time. (Minimum statistics, after Martin, IEEE Trans. SAP 9(5),
/// 2001, without the bias correction.)
///
/// Known limits: a noise that begins suddenly counts as speech until it has become the floor, and
/// noise as modulated as speech always does. A floor that adapted at once would close on long
/// vowels.
public struct EnergyDetector {
  /// What one frame sounds like.
  public enum Activity: UInt8, Sendable {
    /// Too little to keep a segment open.
    case quiet
    /// Enough to keep a segment open, not to open one.
    case weak
    /// Enough to open a segment.
    case strong
  }

  private let parameters: Parameters
  private let bandCount: Int
  private let minima: UnsafeMutablePointer<Int32>
  private var smoothed: Int32 = 0
  private var blockMinimum: Int32 = 0
  private var frameInBlock: Int32 = 0
  private var block = 0
  private var started = false

  /// A detector for raw vectors that begin with `bandCount` log-mel bands.
  init(_ parameters: Parameters, bandCount: Int, arena: inout Arena) {
    self.parameters = parameters
    self.bandCount = bandCount
    minima = arena.take(Int32.self, count: Int(parameters.blocks))
  }

  /// Forgets the floor.
  mutating func restart() {
    for index in 0..<Int(parameters.blocks) { minima[index] = parameters.highestFloor }
    started = false
    frameInBlock = 0
    block = 0
  }

  /// Judges the next frame; `raw` holds its log-mel bands in Q16.
  mutating func hear(_ raw: UnsafePointer<Int32>) -> Activity {
    let energy = meanLogBand(raw)
    smoothed = started ? smoothed &+ ((energy &- smoothed) >> 1) : energy
    blockMinimum = started && frameInBlock > 0 ? min(blockMinimum, smoothed) : smoothed
    started = true

    var floor = blockMinimum
    for index in 0..<Int(parameters.blocks) { floor = min(floor, minima[index]) }

    frameInBlock &+= 1
    if frameInBlock == parameters.blockFrames {
      minima[block] = blockMinimum
      block = block &+ 1 == Int(parameters.blocks) ? 0 : block &+ 1
      frameInBlock = 0
    }
    guard smoothed > parameters.gate else { return .quiet }
    if smoothed > floor &+ parameters.open { return .strong }
    return smoothed > floor &+ parameters.keep ? .weak : .quiet
  }

  private func meanLogBand(_ raw: UnsafePointer<Int32>) -> Int32 {
    var sum: Int64 = 0
    for band in 0..<bandCount { sum &+= Int64(raw[band]) }
    return Int32(truncatingIfNeeded: sum / Int64(bandCount))
  }
}
