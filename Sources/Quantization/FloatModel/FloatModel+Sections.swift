import Acoustics
import FixedPoint
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

  /// What the logits of known talkers are multiplied by.
  var knownTalkerGain: KnownTalkerGain {
    KnownTalkerGain(factor: Int32((temperature / knownTemperature * 0x1p16).rounded()))
  }

  /// The talker's bias section of the model file; nil without one.
  var biasSection: [Int32]? { bias?.record(classCount: classes.count, temperature: temperature) }

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
