import Glibc
import Recognition

extension FloatModel {
  /// The statistics for the talker's bias, if the document has them. Refuses values that the device
  /// could not represent.
  static func bias(
    _ reader: inout DocumentReader, _ file: Safetensors, classCount: Int, temperature: Double
  ) throws(FloatModelProblem) -> Bias? {
    guard reader.optional("bias") != nil else { return nil }
    var bias = try reader.object("bias")
    let segments = try bias.integer("segments", in: 1...64)
    let prior = try bias.integer("prior", in: 1...64)
    let variance = try bias.number("variance", above: 0)
    let means = try file.values(&bias, "means", shape: [classCount, classCount])
    try bias.finish()
    let found = Bias(segments: segments, prior: prior, variance: variance, means: means)
    let largest = Double(TalkerBiasTables.largestSharpness)
    guard (0.5...largest).contains(found.sharpness(temperature) * 0x1p16) else {
      throw .contradiction(
        place: bias.place(of: "variance"),
        sentence: "\(variance) is out of range: at this model’s temperature it must lie from"
          + " \(significant(Float(variance * found.sharpness(temperature) * 0x1p16 / largest))) to"
          + " \(significant(Float(variance * found.sharpness(temperature) * 0x1p17)))")
    }
    guard found.tellsClassesApart(classCount) else {
      throw .contradiction(
        place: bias.place(of: "means"),
        sentence: "over all classes together, logits must be larger where their class is heard than"
          + " where another is: a row for each class heard, a column for each logit")
    }
    let limit = Double(TalkerBiasTables.largestMean) / 0x1p16
    guard found.odds(classCount, temperature).allSatisfy({ abs($0) <= limit }) else {
      throw .contradiction(
        place: bias.place(of: "means"),
        sentence: "at this model’s temperature no mean logit may lie beyond"
          + " ±\(significant(Float(limit * temperature * log(2)))) of the mean of its row")
    }
    return found
  }
}

extension FloatModel.Bias {
  /// The device's `TalkerBiasTables`, whose logits are in log2 and after the temperature.
  func record(classCount: Int, temperature: Double) -> [Int32] {
    let numbers = [sharpness(temperature)] + odds(classCount, temperature)
    return [Int32(segments), Int32(prior)] + numbers.map { Int32(($0 * 0x1p16).rounded()) }
  }

  /// Whether logits are on average larger where their class is the true one than elsewhere: other
  /// means would teach nothing about a talker.
  fileprivate func tellsClassesApart(_ classCount: Int) -> Bool {
    let own = (0..<classCount).reduce(0) { $0 + means[$1 * classCount + $1] }
    let others = means.reduce(0, +) - own
    return own * Double(classCount - 1) > others
  }

  /// 1 / (σ²·ln 2) for logits in log2.
  fileprivate func sharpness(_ temperature: Double) -> Double {
    log(2) * temperature * temperature / variance
  }

  /// The means in log2, each row less its mean, on which the classes' odds do not depend.
  fileprivate func odds(_ classCount: Int, _ temperature: Double) -> [Double] {
    stride(from: 0, to: means.count, by: classCount).flatMap { start in
      let row = means[start..<start + classCount]
      let centre = row.reduce(0, +) / Double(classCount)
      return row.map { ($0 - centre) / (temperature * log(2)) }
    }
  }
}
