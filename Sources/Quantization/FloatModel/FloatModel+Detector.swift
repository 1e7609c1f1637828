import Acoustics
import Glibc
import Recognition

extension FloatModel {
  /// The classes of a network that detects speech, in the order of its logits.
  static let detectorClasses = [
    Class(name: "noise", label: "noise"), Class(name: "speech", label: "speech"),
  ]

  /// The “detector” object of a network that detects speech: its thresholds, and the segmentation
  /// with those of its gate.
  static func detector(
    _ reader: DocumentReader, _ frontEnd: FrontEndDefinition
  ) throws(FloatModelProblem) -> (NetworkDetector.Parameters, RecognitionParameters) {
    var reader = reader
    let version = try reader.integer("version", in: 2...2)
    let thresholds = NetworkDetector.Parameters(
      open: try odds(&reader, "open"), keep: try odds(&reader, "keep"))
    var recognition = RecognitionParameters.standard
    recognition.detector.kind = 2
    recognition.detector.version = Int32(version)
    recognition.detector.open = try logPower(&reader, "gate_open_db")
    recognition.detector.keep = try logPower(&reader, "gate_keep_db")
    recognition.detector.confirmFrames = try frames(&reader, "confirm_ms", frontEnd)
    try reader.finish()
    guard thresholds.isUsable else {
      throw .contradiction(
        place: reader.place, sentence: "“keep” must not be above “open”, nor either beyond ±40")
    }
    do throws(RecognitionParameters.Problem) {
      try recognition.check()
    } catch {
      throw .contradiction(
        place: reader.place,
        sentence:
          "its gate cannot keep a segment open above what opens one, and 1 to 50 frames confirm")
    }
    guard frontEnd.columns == Int(frontEnd.coefficients) else {
      throw .contradiction(
        place: "front_end", sentence: "a speech detector has coefficients and nothing beside them")
    }
    return (thresholds, recognition)
  }

  /// Natural log odds as Q16 of log2.
  private static func odds(
    _ reader: inout DocumentReader, _ key: String
  ) throws(FloatModelProblem) -> Int32 {
    let value = try reader.number(key, above: -40)
    guard value < 40 else {
      throw .notAllowed(place: reader.place(of: key), found: "\(value)", allowed: "below 40")
    }
    return Int32((value / log(2) * 0x1p16).rounded())
  }

  /// Decibels as Q16 of natural log power.
  private static func logPower(
    _ reader: inout DocumentReader, _ key: String
  ) throws(FloatModelProblem) -> Int32 {
    let value = try reader.number(key, above: -0.001)
    guard value <= 60 else {
      throw .notAllowed(place: reader.place(of: key), found: "\(value)", allowed: "up to 60")
    }
    return Int32((value * log(10) / 10 * 0x1p16).rounded())
  }
}
