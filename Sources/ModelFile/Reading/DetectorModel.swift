import Acoustics
import Inference
import Recognition

/// The network that detects speech, from a model file or a detector's own file, every part of it
/// checked.
///
/// Its features are cepstral coefficients of the front end's mel bands, without the talker's
/// baseline, so it works with any model of the same bands.
public struct DetectorModel {
  /// The tables that a recognizer needs.
  public let tables: DetectorTables
  /// The answer that it must give.
  public let knownAnswer: KnownAnswer

  /// Finds and checks the sections of `container`, whose front end is `definition`.
  init(_ container: ModelContainer, definition: FrontEndDefinition) throws(ModelProblem) {
    let parameters = try container.elements(
      .detector, of: NetworkDetector.Parameters.self, count: 1)
    guard parameters.pointee.isUsable else { throw .detectorThresholds }
    let features = try DetectorModel.features(container, definition)
    let program = try container.program(.detectorOperators, .detectorTensors, .detectorWeights)
    guard program.inputChannels == features.columns,
      program.classCount == NetworkDetector.classCount
    else {
      throw .detectorShape(
        inputs: program.inputChannels, features: features.columns, classes: program.classCount)
    }
    tables = DetectorTables(
      parameters: parameters.pointee, features: features, program: program)
    knownAnswer = try KnownAnswer(
      container, frames: .detectorKnownFrames, logits: .detectorKnownLogits,
      width: Int(definition.bands) + 1, classCount: program.classCount)
  }

  /// The features of `definition`'s bands, without its other values.
  private static func features(
    _ container: ModelContainer, _ definition: FrontEndDefinition
  ) throws(ModelProblem) -> FeatureTables {
    guard let section = container.section(.detectorFeatures) else {
      throw .missing(.detectorFeatures)
    }
    guard section.count >= FeatureTables.headerSize else {
      throw .size(.detectorFeatures, expected: FeatureTables.headerSize, found: section.count)
    }
    var own = FrontEndDefinition(bands: definition.bands)
    own.coefficients = section.load(fromByteOffset: 4, as: Int32.self)
    guard own.coefficients >= 1, own.coefficients <= own.bands else {
      throw .detectorFeatures(
        .shape(
          bands: own.bands, coefficients: own.coefficients, directCount: 0, runningMeans: 0))
    }
    do throws(FeatureTables.Problem) {
      return try FeatureTables(section, for: own)
    } catch {
      throw .detectorFeatures(error)
    }
  }
}
