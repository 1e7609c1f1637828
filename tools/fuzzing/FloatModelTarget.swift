@testable import InferenceTests
import JSON
import TestSupport
@testable import Quantization
@testable import QuantizationTests

/// A float `model.bin`: what is read must run, to finite logits or not, on a few frames.
enum FloatModelTarget: Target {
  static let learnsFromRefusals = false

  static func seeds() -> [[UInt8]] {
    (0..<4).map { FloatModelFixture(seed: UInt64($0)).bytes() }
      + [FloatModelFixture.centred().bytes()]
  }

  static func read(_ input: UnsafeRawBufferPointer) -> Bool {
    do throws(FloatModelProblem) {
      let model = try FloatModel(Array(input))
      let network = FloatNetwork(model)
      let frames = [Int32](repeating: 3 << 16, count: 6 * network.rawCount)
      _ = network.label(of: network.logits(network.trace(frames)))
      return true
    } catch {
      precondition(!error.description.isEmpty, "every refusal says what is wrong")
      return false
    }
  }

  /// Changes the header or the document in it as text, keeping the length before it right, or some
  /// tensor.
  static func mutate(
    _ memory: UnsafeMutableRawBufferPointer, count: Int, _ random: inout SplitMix
  ) -> Int {
    guard count > 16 else { return DefaultMutation.mutate(memory, count: count, &random) }
    let length = memory.loadUnaligned(as: UInt64.self)
    guard length < UInt64(count - 8), random.chance(0.97) else {
      return DefaultMutation.mutate(memory, count: count, &random)
    }
    let end = 8 + Int(length)
    if random.chance(0.1) {
      memory[random.integer(end...count - 1)] = UInt8(truncatingIfNeeded: random.next())
      return count
    }
    let header =
      random.chance(0.5)
      ? HeaderMutation.structural(Array(memory[8..<end]), &random)
      : HeaderMutation.textual(Array(memory[8..<end]), &random)
    let data = Array(memory[end..<count])
    guard 8 + header.count + data.count <= memory.count else { return count }
    memory.storeBytes(of: UInt64(header.count), as: UInt64.self)
    memory[8..<8 + header.count].copyBytes(from: header)
    memory[(8 + header.count)..<8 + header.count + data.count].copyBytes(from: data)
    return 8 + header.count + data.count
  }
}

extension Slice where Base == UnsafeMutableRawBufferPointer {
  /// Overwrites the beginning.
  fileprivate func copyBytes(from bytes: [UInt8]) {
    UnsafeMutableRawBufferPointer(rebasing: self).copyBytes(from: bytes)
  }
}
