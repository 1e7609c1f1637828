import Acoustics
import Recognition

extension FloatModel {
  /// Converts the segmentation from milliseconds to frames; reads the talker's baseline and bias.
  static func recognition(
    _ reader: DocumentReader, _ file: Safetensors, _ frontEnd: FrontEndDefinition, classCount: Int,
    temperature: Double
  ) throws(FloatModelProblem) -> (RecognitionParameters, corpusMean: [Double], Bias?) {
    var reader = reader
    var detector = try reader.object("detector")
    let kind = try detector.word("kind", of: ["energy", "network"])
    // With a network, the gate's thresholds come from its own file.
    let version = try detector.integer("version", in: kind == "network" ? 2...2 : 1...1)
    try detector.finish()

    var baseline = try reader.object("baseline")
    let standard = RecognitionParameters.standard
    let segments = try baseline.integer("segments", in: 0...64)
    let prior = try baseline.integer("prior", in: 1...64)
    // Extras of the raw vector have a baseline too, and so does the level before them; without
    // extras the network does not see the level.
    let width = frontEnd.directCount == 0 ? Int(frontEnd.bands) : frontEnd.rawCount
    let given = try file.values(&baseline, "mean", shape: [width])
    let mean = given + [Double](repeating: 0, count: frontEnd.rawCount - width)
    guard mean.allSatisfy({ abs($0) < 100 }) else {
      throw .contradiction(
        place: baseline.place(of: "mean"),
        sentence: "no mean of a raw feature lies beyond ±100")
    }
    let speech = try frames(
      &baseline, "speech_ms", frontEnd, standard: standard.baselineSpeechFrames)
    let gap = try frames(
      &baseline, "session_gap_ms", frontEnd, standard: standard.sessionGapFrames)
    try baseline.finish()

    let bias = try bias(
      &reader, file, classCount: classCount, temperature: temperature)

    var detectorParameters = standard.detector
    detectorParameters.kind = kind == "network" ? 2 : 1
    detectorParameters.version = Int32(version)
    let parameters = RecognitionParameters(
      contextFrames: try frames(&reader, "context_ms", frontEnd),
      interimFrames: try frames(&reader, "interim_ms", frontEnd),
      prerollFrames: try frames(&reader, "preroll_ms", frontEnd),
      hangoverFrames: try frames(&reader, "hangover_ms", frontEnd),
      baselineSegments: Int32(segments), baselinePrior: Int32(prior),
      baselineSpeechFrames: speech, sessionGapFrames: gap, detector: detectorParameters)
    try reader.finish()
    do throws(RecognitionParameters.Problem) {
      try parameters.check()
    } catch {
      throw .contradiction(place: reader.place, sentence: error.words)
    }
    return (parameters, mean, bias)
  }

  /// A duration in frames of the hop; a fraction of a frame is refused.
  static func frames(
    _ reader: inout DocumentReader, _ key: String, _ frontEnd: FrontEndDefinition,
    standard: Int32? = nil
  ) throws(FloatModelProblem) -> Int32 {
    if let standard, reader.optional(key) == nil { return standard }
    let samples = try reader.integer(key, in: 0...3_600_000) * Int(frontEnd.sampleRate) / 1000
    guard samples % Int(frontEnd.hop) == 0 else {
      throw .contradiction(
        place: reader.place(of: key),
        sentence: "it must be a whole number of frames of \(frontEnd.hop) samples")
    }
    return Int32(samples / Int(frontEnd.hop))
  }
}

extension RecognitionParameters.Problem {
  /// The value found, in frames, and the allowed range.
  fileprivate var words: String {
    switch self {
    case .contextFrames(let count): "context_ms is \(count) frames and may be 1 to 400"
    case .interimFrames(let count): "interim_ms is \(count) frames and may be 5 to context_ms"
    case .prerollFrames(let count): "preroll_ms is \(count) frames and may be 0 to 100"
    case .hangoverFrames(let count): "hangover_ms is \(count) frames and may be 1 to 500"
    case .baseline(let number): "the baseline's number \(number) is out of range"
    case .sessionGapFrames(let count): "session_gap_ms is \(count) frames and may be 1 to 360000"
    case .detector(let kind): "there is no detector of kind \(kind)"
    }
  }
}
