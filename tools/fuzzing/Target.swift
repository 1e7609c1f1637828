import TestSupport

@testable import InferenceTests

/// Something that reads what strangers wrote.
protocol Target {
  /// Inputs to begin with, made by our own writing side.
  static func seeds() -> [[UInt8]]

  /// Reads `input` as the program would; false when it was refused. Anything but returning is a
  /// finding.
  static func read(_ input: UnsafeRawBufferPointer) -> Bool

  /// Whether a refused input may be what others are made from. Not where one thing wrong hides all
  /// others: then every input is a step away from one that was accepted.
  static var learnsFromRefusals: Bool { get }

  /// Changes the first `count` bytes of `memory` at random, and gives how many there are then.
  static func mutate(
    _ memory: UnsafeMutableRawBufferPointer, count: Int, _ random: inout SplitMix
  ) -> Int
}

extension Target {
  static func seeds() -> [[UInt8]] { [] }

  static var learnsFromRefusals: Bool { true }

  /// As libFuzzer does it, which is right for text.
  static func mutate(
    _ memory: UnsafeMutableRawBufferPointer, count: Int, _ random: inout SplitMix
  ) -> Int {
    fuzzerMutate(memory.baseAddress!.assumingMemoryBound(to: UInt8.self), count, memory.count)
  }
}
