import ModelFile
import Settings
import Threads

/// Whether there is memory for what is planned.
extension Plan {
  /// What a stream takes at most besides its recognizer, in bytes: rings, resampler, the stack of
  /// the thread that captures, and what libasound keeps of an open card.
  private static let bytesBeside = 3 << 18
  /// What is left for clients and for temporary allocations, in bytes.
  private static let reserve = 2 << 20

  /// What `count` streams with `model` take, in bytes.
  static func memory(of count: Int, _ model: LoadedModel) -> Int {
    count * (StreamRecognition.memorySize(of: model) + bytesBeside)
  }

  /// Refuses more streams, or a larger model, than the limits of the process leave memory for.
  /// `held` bytes are in use now and will be free for it.
  func checkMemory(with model: LoadedModel, held: Int = 0, _ review: ConfigurationReview) {
    let wanted = Plan.memory(of: streams.count, model)
    guard wanted > held, !LockedMemory.isAvailable(count: wanted - held + Plan.reserve) else {
      return
    }
    review.report(
      modelPlace ?? .init(file: configurationPath ?? modelPath),
      "\(streams.count) streams with the model \(model.path) take \(wanted >> 20) MB, more than the process"
        + " may have; take streams away, take a smaller model, or raise LimitDATA and MemoryMax")
  }
}
