import FixedPoint
import Recognition

extension Model {
  /// The memory that one stream takes when it starts, from its front end to its decisions, in
  /// bytes; nothing is allocated afterwards.
  public var streamBytes: Int {
    var counting = Arena.counting()
    let network = IntegerClassifier(features, program: program, arena: &counting)
    _ = Recognizer(recognition, frontEnd: frontEnd, network: network, arena: &counting)
    return counting.used
  }
}
