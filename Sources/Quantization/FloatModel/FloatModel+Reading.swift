import Acoustics
import Affect
import JSON
import Recognition

extension FloatModel {
  /// Reads a `model.bin`: safetensors with an `edge` document in its metadata (docs/FORMATS.md).
  ///
  /// Refuses whatever is missing, unknown or contradictory; only the format's own defaults are
  /// assumed.
  public init(_ bytes: [UInt8]) throws(FloatModelProblem) {
    try self.init(Safetensors(bytes))
  }

  /// Reads the model in `file`.
  public init(_ file: Safetensors) throws(FloatModelProblem) {
    guard let text = file.metadata["edge"] else { throw .noDocument }
    let value: JSONValue
    do throws(JSONProblem) {
      value = try JSONValue(parsing: text)
    } catch {
      throw .documentJSON(error)
    }
    var document = try DocumentReader(value, at: "")
    _ = try document.integer("format", in: 1...1)
    name = try document.string("name")
    let isDetector = document.optional("detector") != nil
    classes =
      isDetector ? FloatModel.detectorClasses : try FloatModel.classes(&document)
    temperature = try document.number("temperature", in: 0.001...1000, standard: 1)
    knownTemperature =
      isDetector
      ? temperature
      : try document.number(
        "known_temperature", in: temperature / 4...temperature * 4, standard: temperature)
    provenance = try document.value("provenance")
    frontEnd = try FrontEndDefinition(document.object("front_end"))
    (means, deviations) = try FloatModel.standardization(
      document.object("standardization"), file, columns: frontEnd.columns)
    if isDetector {
      (detector, recognition) = try FloatModel.detector(document.object("detector"), frontEnd)
      corpusMean = Array(repeating: 0, count: frontEnd.rawCount)
    } else {
      (recognition, corpusMean, bias) = try FloatModel.recognition(
        document.object("recognition"), file, frontEnd, classCount: classes.count,
        temperature: temperature)
    }
    var graph = try document.object("graph")
    var reader = GraphReader(file, inputChannels: frontEnd.columns)
    self.graph = try reader.read(graph.array("nodes"), classCount: classes.count)
    try graph.finish()
    try document.finish()
    try checkWindows()
    try checkTalkers()
  }

  /// A detector judges frames, without segments or talkers.
  private func checkTalkers() throws(FloatModelProblem) {
    guard detector != nil,
      let index = graph.operators.firstIndex(where: { $0.kind == .centre })
    else { return }
    throw .contradiction(
      place: "graph.nodes (\(graph.names[index]))",
      sentence: "a speech detector knows no talkers, whose “centre” it could take out")
  }

  /// A window longer than any context would always be padded.
  private func checkWindows() throws(FloatModelProblem) {
    for (index, step) in graph.operators.enumerated() where step.kind == .window {
      let frames = Int(step.kernel) * Int(graph.tensors[Int(step.inputs[0])].rate)
      guard frames <= recognition.contextFrames else {
        throw .contradiction(
          place: "graph.nodes (\(graph.names[index]))",
          sentence: "its \(frames) frames are longer than a context of"
            + " \(recognition.contextFrames) frames, “context_ms”")
      }
    }
  }

  private static func classes(
    _ document: inout DocumentReader
  ) throws(FloatModelProblem) -> [Class] {
    var names: [String] = []
    for (index, value) in try document.array("classes").enumerated() {
      guard let name = value.string else {
        throw .wrongKind(
          place: "classes[\(index)]", expected: "a string", found: value.kindInWords)
      }
      names.append(name)
    }
    guard (2...Logits.maximumCount).contains(names.count), Set(names).count == names.count else {
      throw .contradiction(
        place: "classes",
        sentence: "there must be 2 to \(Logits.maximumCount) classes, each with a name of its own")
    }
    let labels = document.optional("labels")
    var classes: [Class] = []
    for name in names {
      let label = labels?[name]?.string ?? name
      guard Emotion.named.contains(where: { $0.rawValue == label }) else {
        throw .notAllowed(
          place: "the label of class “\(name)”", found: "“\(label)”",
          allowed: Emotion.named.map(\.rawValue).joined(separator: ", ")
            + " (say which in “labels”)")
      }
      classes.append(Class(name: name, label: label))
    }
    for member in labels?.object?.members ?? [] where !names.contains(member.key) {
      throw .unknownField(place: "labels.\(member.key)")
    }
    return classes
  }

  private static func standardization(
    _ reader: DocumentReader, _ file: Safetensors, columns: Int
  ) throws(FloatModelProblem) -> (means: [Double], deviations: [Double]) {
    var reader = reader
    let means = try file.values(&reader, "mean", shape: [columns])
    let deviations = try file.values(&reader, "deviation", shape: [columns])
    try reader.finish()
    guard deviations.allSatisfy({ $0 > 0 }) else {
      throw .contradiction(
        place: reader.place(of: "deviation"), sentence: "every standard deviation must be above 0")
    }
    return (means, deviations)
  }
}

extension Safetensors {
  /// The elements of the tensor that a field of the document names, which must have `shape`.
  func values(
    _ reader: inout DocumentReader, _ key: String, shape: [Int]
  ) throws(FloatModelProblem) -> [Double] {
    let name = try reader.string(key)
    guard let tensor = self[name] else {
      throw .noTensor(place: reader.place(of: key), name: name)
    }
    guard tensor.shape == shape else {
      throw .shape(
        place: reader.place(of: key), name: name, expected: shape, found: tensor.shape)
    }
    return tensor.values
  }

  /// As `values`, but nil when the field is not there.
  func optionalValues(
    _ reader: inout DocumentReader, _ key: String, shape: [Int]
  ) throws(FloatModelProblem) -> [Double]? {
    reader.optional(key) == nil ? nil : try values(&reader, key, shape: shape)
  }
}
