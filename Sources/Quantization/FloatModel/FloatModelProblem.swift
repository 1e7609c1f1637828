import JSON

/// Why a file cannot be read as a trained float model, with one case per remedy.
///
/// `place` is a path in the `edge` document: `graph.nodes[3] (conv2).weight`.
public enum FloatModelProblem: Error, Equatable {
  /// Not a safetensors file at all.
  case foreign
  /// Shorter or longer than its header says.
  case truncated(expected: Int, found: Int)
  /// The safetensors header is not JSON.
  case headerJSON(JSONProblem)
  /// A tensor's header contradicts itself.
  case tensorHeader(String)
  /// A tensor of integers, half floats or another unsupported type.
  case elementType(tensor: String, found: String)
  /// A tensor contains NaN or infinity: training diverged.
  case notFinite(tensor: String)
  /// There are tensors, but no `edge` document in the metadata.
  case noDocument
  /// The `edge` document is not JSON.
  case documentJSON(JSONProblem)
  /// A required field is missing.
  case missing(place: String)
  /// A field that this version does not know.
  case unknownField(place: String)
  /// A value of the wrong type.
  case wrongKind(place: String, expected: String, found: String)
  /// A value that is not among those allowed.
  case notAllowed(place: String, found: String, allowed: String)
  /// A named tensor is not in the file.
  case noTensor(place: String, name: String)
  /// A tensor's shape does not match its use.
  case shape(place: String, name: String, expected: [Int], found: [Int])
  /// Two fields contradict each other; the sentence says which.
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
      "it lacks \(place), which FORMATS.md describes."
    case .unknownField(let place):
      "it has \(place), which this version does not know: remove or correct it."
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
