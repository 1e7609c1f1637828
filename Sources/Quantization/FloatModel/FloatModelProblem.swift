import JSON

/// Why a file cannot be read as a trained float model, a case for each remedy.
///
/// `place` names where in the `edge` document: `graph.nodes[3] (conv2).weight`.
public enum FloatModelProblem: Error, Equatable {
  /// Not a safetensors file at all.
  case foreign
  /// Shorter or longer than its header says.
  case truncated(expected: Int, found: Int)
  /// The safetensors header is no JSON.
  case headerJSON(JSONProblem)
  /// A tensor's header contradicts itself.
  case tensorHeader(String)
  /// A tensor of integers, half floats …
  case elementType(tensor: String, found: String)
  /// A tensor holds NaN or infinity: training went wrong.
  case notFinite(tensor: String)
  /// Tensors, but no `edge` document among the metadata.
  case noDocument
  /// The `edge` document is no JSON.
  case documentJSON(JSONProblem)
  /// Something that must be said is not.
  case missing(place: String)
  /// Something is said that this version does not know.
  case unknownField(place: String)
  /// A value of the wrong kind.
  case wrongKind(place: String, expected: String, found: String)
  /// A value that is none of the allowed ones.
  case notAllowed(place: String, found: String, allowed: String)
  /// A tensor is named that the file does not hold.
  case noTensor(place: String, name: String)
  /// A tensor's shape is not what its use asks for.
  case shape(place: String, name: String, expected: [Int], found: [Int])
  /// Two statements that cannot both hold; the sentence says which.
  case contradiction(place: String, sentence: String)
}

extension FloatModelProblem: CustomStringConvertible {
  /// One sentence: what is wrong, where, what to do.
  public var description: String {
    switch self {
    case .foreign:
      "it is not a safetensors file: save the model with safetensors and an “edge” document."
    case .truncated(let expected, let found):
      "it has \(found) bytes and its header describes \(expected): copy it again."
    case .headerJSON(let problem):
      "its safetensors header is damaged: \(problem); copy or save it again."
    case .tensorHeader(let name):
      "the header of tensor “\(name)” contradicts itself: shape, type and offsets must agree; save it again."
    case .elementType(let tensor, let found):
      "tensor “\(tensor)” is of type \(found): save it as F32."
    case .notFinite(let tensor):
      "tensor “\(tensor)” holds values that are not finite: the training diverged; train it again with a smaller learning rate."
    case .noDocument:
      "its metadata has no “edge” document, which describes the graph: see FORMATS.md."
    case .documentJSON(let problem):
      "its “edge” document is not JSON: \(problem); FORMATS.md describes it."
    case .missing(let place):
      "its “edge” document lacks \(place), which FORMATS.md describes."
    case .unknownField(let place):
      "its “edge” document has \(place), which this version does not know: remove or correct it."
    case .wrongKind(let place, let expected, let found):
      "\(place) is \(found) and must be \(expected)."
    case .notAllowed(let place, let found, let allowed):
      "\(place) is \(found) and must be \(allowed)."
    case .noTensor(let place, let name):
      "\(place) names the tensor “\(name)”, which the file does not hold: save it too, or correct the name."
    case .shape(let place, let name, let expected, let found):
      "\(place): tensor “\(name)” has shape \(found) and must have \(expected)."
    case .contradiction(let place, let sentence):
      "\(place): \(sentence)."
    }
  }
}
