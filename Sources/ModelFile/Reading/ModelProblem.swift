import Acoustics
import Inference
import Recognition

/// Why bytes are not a usable model: what is wrong, and where.
///
/// Without text, so that it can be thrown where nothing may be allocated; `description` is made
/// elsewhere.
public enum ModelProblem: Error, Equatable {
  /// Shorter than a header.
  case tooShort(size: Int)
  /// The memory does not start at a multiple of 64: the caller's mistake.
  case misalignedMemory
  /// The first bytes are not those of a model file.
  case foreign
  /// A format version that this program does not know.
  case version(UInt32)
  /// The file was truncated or something was appended.
  case length(stated: UInt64, found: Int)
  /// The content does not match its digest.
  case digest
  /// The section table contradicts itself or the file.
  case sectionTable
  /// A section of a kind that this program does not know.
  case unknownSection(UInt32)
  /// A required section is missing.
  case missing(SectionKind)
  /// A section's size does not match its content.
  case size(SectionKind, expected: Int, found: Int)
  /// The front end's tables.
  case frontEnd(FrontEndTables.Problem)
  /// The feature tables.
  case features(FeatureTables.Problem)
  /// The segmentation.
  case recognition(RecognitionParameters.Problem)
  /// An element of the corpus mean is out of range for a logarithm.
  case corpusMean(at: Int)
  /// The talker's bias has a field that is out of range.
  case talkerBias
  /// The gain for known talkers is out of range.
  case knownTalkerGain
  /// The graph.
  case program(ProgramProblem)
  /// The rate is not the device's 16 kHz, or frames come more often than `LoadedModel.shortestHop`
  /// allows.
  case pace(sampleRate: Int32, hop: Int32)
  /// The network takes another number of features than the front end computes.
  case inputChannels(network: Int, features: Int)
  /// Fewer than 2 or more than 16 classes.
  case classCount(Int)
  /// A label that is not a valid word.
  case label(at: Int)
  /// The card is empty or longer than 64 KiB.
  case cardSize(Int)
  /// A value in the known answer's frames is out of range for a logarithm, or there are too few or
  /// too many frames.
  case knownFrames
  /// The kernels of this program give other logits for the known frames than the file states.
  case knownAnswer(class: Int, expected: Int32, found: Int32)
  /// The thresholds of the network that detects speech.
  case detectorThresholds
  /// Its feature tables.
  case detectorFeatures(FeatureTables.Problem)
  /// Its graph.
  case detectorProgram(ProgramProblem)
  /// Its graph takes another number of features than its tables give, or does not have two classes.
  case detectorShape(inputs: Int, features: Int, classes: Int)
  /// There is such a network, but the segmentation uses energy alone.
  case detectorUnused
}
