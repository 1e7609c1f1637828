import Acoustics
import FixedPoint
import Glibc
import ModelFile
import Recognition

extension FloatModel {
  /// The front-end section of the model file.
  func frontEndSection() throws(QuantizationProblem) -> [UInt8] {
    do throws(FrontEndDefinition.Problem) {
      return try FrontEndTables.section(for: frontEnd)
    } catch {
      throw .refused(.frontEnd(.definition(error)))
    }
  }

  /// The feature section of the model file.
  func featureSection() throws(QuantizationProblem) -> [UInt8] {
    do throws(Requantizer.Problem) {
      return try FeatureTables.section(for: frontEnd, means: means, deviations: deviations)
    } catch {
      throw .deviation(error)
    }
  }

  /// The corpus-mean section of the model file: Q16.
  var corpusMeanSection: [UInt8] {
    let mean = corpusMean.map { Int32(($0 * 0x1p16).rounded()) }
    return mean.withUnsafeBytes { Array($0) }
  }

  /// The talker's bias section of the model file; nil without one. Its logits are the device's: of
  /// log2, behind the temperature, and less their mean, which the odds of classes do not know.
  var biasSection: [Int32]? {
    bias.map { bias in
      let unit = temperature * log(2)
      let sharpness = log(2) * temperature * temperature / bias.variance
      return [
        Int32(bias.segments), Int32(bias.prior),
        max(1, FloatModel.q16(sharpness, TalkerBiasTables.largestSharpness)),
      ]
        + stride(from: 0, to: bias.means.count, by: classes.count).flatMap { start in
          let row = bias.means[start..<start + classes.count]
          let centre = row.reduce(0, +) / Double(row.count)
          return row.map { FloatModel.q16(($0 - centre) / unit, TalkerBiasTables.largestMean) }
        }
    }
  }

  /// The nearest Q16 that is no larger than `largest`, either side of 0.
  private static func q16(_ value: Double, _ largest: Int32) -> Int32 {
    let limit = Double(largest)
    return Int32(max(-limit, min(limit, value * 0x1p16)).rounded())
  }

  /// The labels section of the model file.
  func labels() throws(QuantizationProblem) -> [ClassLabel] {
    var labels: [ClassLabel] = []
    for item in classes {
      guard let label = ClassLabel(name: item.name, label: item.label) else {
        throw .label(item.name)
      }
      labels.append(label)
    }
    return labels
  }
}
