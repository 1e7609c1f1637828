/// The statistics for the talker's bias, in the model's memory, which outlives it.
public struct TalkerBiasTables {
  /// N: the effective number of past segments in the mean; older ones fade. 1 … 64.
  public let segments: Int32
  /// p: the weight of a zero bias, in segments, 1 … 64.
  public let prior: Int32
  /// 1 / (σ²·ln 2), Q16, with σ² in squared logits of log2: 1 … 2²⁰.
  public let sharpness: Int32
  /// m: for each true class, the mean logits of all classes less their mean, Q16 of log2.
  public let means: UnsafePointer<Int32>

  /// Tables as stored in a file: segments, prior, sharpness, and classes × classes means.
  public init(_ record: UnsafePointer<Int32>) {
    segments = record[0]
    prior = record[1]
    sharpness = record[2]
    means = record + 3
  }

  /// Number of Int32 in such a record.
  public static func recordCount(classCount: Int) -> Int { 3 &+ classCount &* classCount }

  /// The largest sharpness: beyond it a class is certain or out of the question.
  public static let largestSharpness: Int32 = 1 << 20
  /// The largest magnitude of a mean logit: odds of 2²⁵⁶ to 1.
  public static let largestMean: Int32 = 256 << 16

  /// Whether a stream can run with them and learn something: summed over all classes, logits are
  /// larger where their class is the true one.
  public func isUsable(classCount: Int) -> Bool {
    guard (1...64).contains(segments), (1...64).contains(prior),
      (1...TalkerBiasTables.largestSharpness).contains(sharpness)
    else { return false }
    for index in 0..<classCount &* classCount
    where means[index].magnitude > TalkerBiasTables.largestMean.magnitude { return false }
    var own: Int64 = 0
    for index in 0..<classCount { own &+= Int64(means[index &* (classCount &+ 1)]) }
    return own > 0
  }
}
