extension ModelProblem: CustomStringConvertible {
  /// The problem as a phrase: “it was cut off: 1000 bytes of 5000 (copy it again)”.
  public var description: String {
    switch self {
    case .tooShort(let size): "\(size) bytes are too few for a model file"
    case .misalignedMemory: "it was read to an address that is no multiple of 64"
    case .foreign: "it is not an .edge file (“edgectl quantize” makes one)"
    case .version(let version):
      "it is of format version \(version) and this program knows version \(ContainerLayout.version)"
        + " (update edged or convert the model again)"
    case .length(let stated, let found):
      "it has \(found) bytes of the \(stated) that its header states (copy it again)"
    case .digest: "it is damaged: its SHA-256 does not match (copy it again)"
    case .unknownSection(let kind):
      "it has a section of kind \(kind), which this program does not know (update edged)"
    case .sectionTable: "its section table contradicts itself (convert the model again)"
    case .missing(let section): "it has no \(section.words)"
    case .size(let section, let expected, let found):
      "its \(section.words) has \(found) bytes and must have \(expected)"
    case .frontEnd(let problem): "its front end cannot run: \(problem)"
    case .features(let problem): "its features cannot run: \(problem)"
    case .recognition(let problem): "its segmentation cannot run: \(problem)"
    case .corpusMean(let index): "element \(index) of its corpus mean is out of range"
    case .talkerBias: "its talker's bias is out of range, or tells no class from another"
    case .knownTalkerGain: "its gain for known talkers is beyond a quarter to four"
    case .program(let problem): "its network cannot run: \(problem)"
    case .pace(let sampleRate, let hop):
      "its front end takes \(sampleRate) samples a second and goes on by \(hop) from frame to frame;"
        + " it must be 16000, and \(LoadedModel.shortestHop) at least"
    case .inputChannels(let network, let features):
      "its network takes \(network) features and its front end makes \(features)"
    case .classCount(let count): "it has \(count) classes and 2 to 16 are possible"
    case .label(let index): "the label of class \(index) is no word"
    case .cardSize(let size): "its model card has \(size) bytes and must have 1 to 65536"
    case .detectorThresholds: "the thresholds of its speech detector are out of range"
    case .detectorFeatures(let problem):
      "the features of its speech detector cannot run: \(problem)"
    case .detectorProgram(let problem): "the network of its speech detector cannot run: \(problem)"
    case .detectorShape(let inputs, let features, let classes):
      "its speech detector takes \(inputs) features of \(features) and has \(classes) classes of 2"
    case .detectorUnused:
      "it has a network that hears speech, and its segmentation is by energy alone"
    case .knownFrames: "the frames of its known answer are out of range"
    case .knownAnswer(let index, let expected, let found):
      "logit \(index) of its known answer must be \(expected) and came out as \(found):"
        + " this build or this processor computes wrongly"
    }
  }
}
