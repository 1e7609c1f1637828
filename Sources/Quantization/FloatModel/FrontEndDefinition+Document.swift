import Acoustics
import JSON
import ModelFile

extension FrontEndDefinition {
  /// Reads the object `front_end` of a model (docs/FORMATS.md): the parameters of its features.
  public init(document value: JSONValue) throws(FloatModelProblem) {
    try self.init(DocumentReader(value, at: "front_end"))
  }

  /// Reads the current object, and refuses what no front end supports.
  init(_ reader: DocumentReader) throws(FloatModelProblem) {
    var reader = reader
    _ = try reader.word("window", of: ["hann"])
    let whole = 1...100_000
    self.init(
      sampleRate: Int32(try reader.integer("sample_rate", in: 16_000...16_000)),
      frame: Int32(try reader.integer("frame", in: whole)),
      hop: Int32(try reader.integer("hop", in: LoadedModel.shortestHop...100_000)),
      fft: Int32(try reader.integer("fft", in: whole)),
      bands: Int32(try reader.integer("bands", in: whole)),
      coefficients: Int32(try reader.integer("coefficients", in: whole)),
      minimumFrequency: Float(try reader.number("fmin", above: -.infinity)),
      maximumFrequency: Float(try reader.number("fmax", above: 0)),
      extras: try FrontEndDefinition.extras(&reader),
      runningMeans: Int32(
        try reader.integer("running_means", in: 0...100_000, standard: 0)))
    try reader.finish()
    do throws(Problem) {
      try check()
    } catch {
      throw .contradiction(place: reader.place, sentence: error.words)
    }
  }

  /// The document's name for each group of extras.
  private static let extraNames: [(name: String, group: Extras)] = [
    ("voice", .voice), ("zero_crossings", .zeroCrossings), ("rms", .rootMeanSquare),
    ("chroma", .chroma), ("contrast", .contrast), ("tonnetz", .tonnetz), ("mel", .mel),
    ("deltas", .deltas), ("delta_deltas", .deltaDeltas),
  ]

  /// The groups of features besides the coefficients; none if the field is absent.
  private static func extras(
    _ reader: inout DocumentReader
  ) throws(FloatModelProblem) -> Extras {
    guard reader.optional("extras") != nil else { return .none }
    var extras: Extras = .none
    for value in try reader.array("extras") {
      guard let known = extraNames.first(where: { $0.name == value.string }) else {
        throw .notAllowed(
          place: reader.place(of: "extras"), found: value.description,
          allowed: extraNames.map { "“\($0.name)”" }.joined(separator: ", "))
      }
      extras = extras.union(known.group)
    }
    return extras
  }
}

extension FrontEndDefinition.Problem {
  /// The value found, and the allowed range.
  fileprivate var words: String {
    switch self {
    case .sampleRate(let rate): "sample_rate is \(rate) and may be 8000 to 48000"
    case .frame(let frame): "frame is \(frame) and must be even, from 16 to fft"
    case .hop(let hop): "hop is \(hop) and may be 80 to frame"
    case .fft(let points): "fft is \(points) and may be 512, 1024 or 2048"
    case .bands(let bands): "bands is \(bands) and may be 1 to 128"
    case .coefficients(let count): "coefficients is \(count) and may be 1 to bands"
    case .frequencies(let minimum, let maximum):
      "fmin and fmax are \(minimum) and \(maximum), and must rise from 0 to half of sample_rate"
    case .extras: "extras has delta_deltas without deltas"
    case .runningMeans(let count): "running_means is \(count) and may be 0 to coefficients"
    }
  }
}
