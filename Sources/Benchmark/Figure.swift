import Acoustics

/// Something that a benchmark measures.
public enum Figure: Hashable, Sendable {
  /// `RegisterPeak.multiplications` products of registers.
  case registerPeak
  /// A second of audio, from samples to raw vectors.
  case frontEnd
  /// A second of audio, from samples to only the standardized cepstral coefficients, as in other
  /// front ends.
  case cepstrum
  /// A second of audio through one stage of the front end.
  case stage(FrontEnd.Stage)
  /// A second of audio, from raw vectors to the network's inputs.
  case features
  /// A second of audio through the network, with this many frames per call.
  case network(block: Int)
  /// A second of audio through one operator, with this many frames per call.
  case step(Int, block: Int)
  /// A decision.
  case decision
  /// One operator's part of a decision.
  case decisionStep(Int)
  /// `ModelBenchmark.windowFrames` frames through the network after a restart, and a decision.
  case window
  /// `ModelBenchmark.updateFrames` frames through the network within a stream, and a decision.
  case update
  /// A second of speech from samples to events, with the model's own interval between decisions.
  case speech
  /// A second of speech from samples to events, with a decision at every update.
  case updatedSpeech
  /// A second without speech, from samples on.
  case silence
}
