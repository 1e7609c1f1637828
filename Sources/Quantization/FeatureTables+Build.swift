import Acoustics
import FixedPoint
import Reference

extension FeatureTables {
  /// How many deviations on either side of a feature's mean span int8.
  ///
  /// Six preserved 99.6 % of labels and 45 dB of the logits, three 98.2 % and 25 dB.
  static let deviationsInRange = 6.0

  /// The feature section of a model file, from the mean and standard deviation of each column over
  /// the training speech.
  ///
  /// Throws if a deviation is not a positive number.
  public static func section(
    for definition: FrontEndDefinition, means: [Double], deviations: [Double]
  ) throws(Requantizer.Problem) -> [UInt8] {
    let bands = Int(definition.bands)
    let coefficients = Int(definition.coefficients)
    precondition(means.count == definition.columns && deviations.count == definition.columns)
    let layout = Layout(definition)
    var section = SectionBytes(size: layout.size)
    let cosines = CosineTransform(bands: bands, coefficients: coefficients)
    section.place(
      [
        definition.bands, definition.coefficients, Int32(definition.directCount),
        definition.runningMeans, Int32(definition.directBands), Int32(definition.deltaCount),
      ], at: 0)
    section.place(
      cosines.rows.flatMap { $0 }.map { Int32(($0 * 0x1p30).rounded()) }, at: layout.cosines)
    section.place(means.map { Int32(clamping: Int64(($0 * 0x1p16).rounded())) }, at: layout.means)
    var scales: [Requantizer] = []
    for deviation in deviations {
      scales.append(
        try Requantizer(ratio: 127 / (deviationsInRange * deviation) * 0x1p-16))
    }
    section.place(scales, at: layout.scales)
    return section.bytes
  }
}
