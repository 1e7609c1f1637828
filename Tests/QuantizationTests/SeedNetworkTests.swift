import Acoustics
import Foundation
import Inference
import ModelFile
import Testing

@testable import Quantization

/// The networks of the published systems: read, converted, and run in int8 by the device's code
/// beside the float oracle.
///
/// With `EDGED_SEED_MODELS` naming a folder, the largest runs too (minutes), and the device's files
/// are left there for `edgectl inspect --plan`.
@Suite struct SeedNetworkTests {
  private static let folder = ProcessInfo.processInfo.environment["EDGED_SEED_MODELS"]

  private func report(_ network: SeedNetwork, contexts count: Int) throws -> QuantizationReport {
    let model = try FloatModel(network.bytes())
    let result = try Quantizer(model, contexts: .random(for: model, count: count)).run()
    if let folder = SeedNetworkTests.folder {
      try Data(result.file).write(to: URL(filePath: "\(folder)/\(network.name).edge"))
    }
    let report = result.report
    let memory = try networkMemory(result.file)
    print(
      "\(network.name): \(network.parameterCount) parameters, network \(memory) bytes a stream,",
      "\(report.multiplicationsPerDecision) multiplications a decision, logits",
      String(format: "%.1f dB", report.logitSignalToNoise))
    return report
  }

  /// Bytes that the network of a device's file works in, without what a stream takes besides.
  private func networkMemory(_ file: [UInt8]) throws -> Int {
    let checked = try CheckedModel(AlignedMemory(file))
    return ArenaMemory {
      _ = FeatureMap(checked.model.features, arena: &$0)
      _ = Graph(checked.model.program, arena: &$0)
    }.byteCount
  }

  @Test(arguments: SeedNetwork.all.indices) func runsInInt8(index: Int) throws {
    let report = try report(SeedNetwork.all[index], contexts: 4)
    #expect(report.logitSignalToNoise >= 28, "\n\(report.text)")
    #expect(report.layers.allSatisfy { $0.signalToNoise > 20 }, "\n\(report.text)")
  }

  @Test(.enabled(if: folder != nil)) func theLargestRunsInInt8() throws {
    // 2376 → 1188 → 594 → 297 → 149 → 75 rows, of which the last make 75 · 128 values.
    let network = SeedNetwork.s4
    let report = try report(network, contexts: 2)
    #expect(report.layers.contains { $0.channels == 9600 })
    #expect(report.logitSignalToNoise >= 28, "\n\(report.text)")
  }
}
