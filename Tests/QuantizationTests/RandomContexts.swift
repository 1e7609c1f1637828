import Reference
import TestSupport

@testable import Quantization

extension CalibrationContexts {
  /// Contexts whose features drift like speech's: normally distributed, correlated from frame to
  /// frame.
  static func random(for model: FloatModel, count: Int, seed: UInt64 = 7) -> CalibrationContexts {
    var generator = SplitMix(seed: seed)
    let bands = Int(model.frontEnd.bands)
    let cosines = CosineTransform(bands: bands, coefficients: Int(model.frontEnd.coefficients))
    let frontEnd = model.frontEnd
    let firstDirect = Int(frontEnd.coefficients) + frontEnd.directBands
    let direct = firstDirect..<firstDirect + frontEnd.directCount
    var contexts = CalibrationContexts(width: model.frontEnd.rawCount)
    for _ in 0..<count {
      var drift = model.means.map { _ in generator.normal() }
      var frames: [Int32] = []
      for _ in 0..<Int.random(in: 40...200, using: &generator) {
        for index in drift.indices { drift[index] = 0.8 * drift[index] + 0.6 * generator.normal() }
        let columns = drift.indices.map { model.means[$0] + model.deviations[$0] * drift[$0] }
        for band in 0..<bands {
          let value = cosines.rows.indices.reduce(0) { $0 + cosines.rows[$1][band] * columns[$1] }
          frames.append(Int32((value * 0x1p16).rounded()))
        }
        // The level, where it is no column.
        frames += [Int32](repeating: 0, count: frontEnd.directIndex - frontEnd.levelIndex)
        frames += columns[direct].map { Int32(($0 * 0x1p16).rounded()) }
      }
      contexts.contexts.append(frames)
    }
    contexts.clips = count
    return contexts
  }
}

extension CalibrationContexts {
  /// Random contexts of talkers with `segments` segments each, of which every third has a second
  /// context and every seventh tells too little to be remembered.
  static func sessions(
    for model: FloatModel, count: Int, segments: Int, seed: UInt64 = 7
  ) -> CalibrationContexts {
    var contexts = random(for: model, count: count, seed: seed)
    var (segment, isContinued) = (0, false)
    for _ in 0..<count {
      let endsSegment = isContinued || segment % 3 != 2
      contexts.places.append(
        ContextPlace(
          beginsTalker: segment % segments == 0 && !isContinued,
          ending: endsSegment ? .init(isRemembered: segment % 7 != 6) : nil))
      isContinued = !endsSegment
      if endsSegment { segment += 1 }
    }
    return contexts
  }
}
