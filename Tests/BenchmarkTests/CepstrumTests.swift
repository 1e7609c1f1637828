import Acoustics
import Foundation
import ModelFile
import Testing

@testable import Benchmark

/// What is timed as "cepstral coefficients alone" is the model's own front end, without what comes
/// behind the coefficients.
@Suite struct CepstrumTests {
  @Test func coefficientsAloneAreTheFirstColumnsOfAllFeatures() throws {
    let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appending(path: "../../models/emotion.edge").standardizedFileURL.path
    let loaded = try LoadedModel(path: path)
    defer { withExtendedLifetime(loaded) {} }
    let model = loaded.model
    let all = rows(model.frontEnd, model.features)
    let alone = rows(model.frontEnd.withoutExtras, model.features.coefficientsAlone)
    let coefficients = model.features.coefficients
    #expect(alone.count == 100)
    #expect(alone.allSatisfy { $0.count == coefficients })
    #expect(try #require(all.first).count > coefficients, "the model has other columns as well")
    #expect(alone == all.map { Array($0.prefix(coefficients)) })
    #expect(Set(alone).count > 50, "the sound changes from frame to frame")
  }

  /// The columns of a hundred frames.
  private func rows(_ frontEndTables: FrontEndTables, _ featureTables: FeatureTables) -> [[Int8]] {
    let memory = ArenaMemory {
      _ = FrontEnd(frontEndTables, arena: &$0)
      _ = FeatureMap(featureTables, arena: &$0)
    }
    var arena = memory.arena()
    var frontEnd = FrontEnd(frontEndTables, arena: &arena)
    var features = FeatureMap(featureTables, arena: &arena)
    frontEnd.restart()
    features.restart()
    let samples = Samples(nil, rate: Int(frontEndTables.definition.sampleRate))
    var rows: [[Int8]] = []
    while rows.count < 100 {
      var piece = samples.next(Int(frontEndTables.definition.hop))
      while let raw = frontEnd.next(&piece) {
        var row = [Int8](repeating: 0, count: features.columns)
        features.map(raw, into: &row)
        rows.append(row)
      }
    }
    withExtendedLifetime(memory) {}
    return rows
  }
}
