/// What a talker's bias is measured against, in the model's memory, which outlives it.
public struct TalkerBiasTables {
  /// N: as if of how many past segments the mean is; older ones fade. 1 … 64.
  public let segments: Int32
  /// p: weight of no bias at all, in segments, 1 … 64.
  public let prior: Int32
  /// 1 / (σ²·ln 2), Q16, with σ² in squared logits of log2: 1 … 2²⁰.
  public let sharpness: Int32
  /// m: for each class that was heard, the mean logits of all classes less the mean of these, Q16 of
  /// log2.
  public let means: UnsafePointer<Int32>

  /// Tables as a file has them: segments, prior, sharpness, and as many means as classes times
  /// classes.
  public init(_ record: UnsafePointer<Int32>) {
    segments = record[0]
    prior = record[1]
    sharpness = record[2]
    means = record + 3
  }

  /// How many Int32 such a record has.
  public static func recordCount(classCount: Int) -> Int { 3 &+ classCount &* classCount }

  /// The sharpest: beyond it a class is certain or out of the question.
  public static let largestSharpness: Int32 = 1 << 20
  /// The largest mean of a logit, either side of 0: odds of 2²⁵⁶ to 1.
  public static let largestMean: Int32 = 256 << 16

  /// Whether a stream could run with them, and learn: over all classes together, logits are larger
  /// where their class is heard.
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
