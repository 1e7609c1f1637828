import Acoustics
import Glibc
@testable import InferenceTests
import TestSupport

/// Writes random models that have every kind of operator and every group of features to a file,
/// each behind the number of its bytes. usage: random-models COUNT FILE
@main enum RandomModels {
  static func main() {
    let words = CommandLine.arguments
    guard words.count == 3, let count = Int(words[1]) else {
      print("usage: random-models COUNT FILE")
      exit(64)
    }
    guard let output = fopen(words[2], "w") else {
      perror(words[2])
      exit(1)
    }
    var random = SplitMix(seed: 61)
    for number in 0..<count {
      let model = number % 5 == 0 ? withExtras(&random) : ModelSeed.file(&random)
      withUnsafeBytes(of: UInt64(model.count)) { _ = fwrite($0.baseAddress, 1, $0.count, output) }
      fwrite(model, 1, model.count, output)
    }
    guard fclose(output) == 0 else {
      perror(words[2])
      exit(1)
    }
  }

  /// A front end of any size, with its extras, before a small network.
  private static func withExtras(_ random: inout SplitMix) -> [UInt8] {
    var definition = ModelSeed.definitionWithExtras(&random)
    definition.fft = [512, 512, 1024, 2048].randomElement(using: &random)!
    definition.frame = 2 * Int32(random.integer(32...Int(definition.fft) / 2))
    definition.hop = Int32(random.integer(Int(definition.frame) / 4...Int(definition.frame)))
    definition.bands = Int32(random.integer(8...60))
    definition.coefficients = Int32(random.integer(4...Int(definition.bands)))
    return ModelSeed.file(definition, random.chance(0.3) ? .extreme : .typical, &random)
  }
}
