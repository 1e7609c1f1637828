import FixedPoint

/// Detects speech as the model says: by energy alone, or by a network behind an energy gate.
///
/// With a network, a frame gets the lesser of the two verdicts, and the network is asked only about
/// frames that pass the gate. The gate's thresholds are then lower than those of a detector by
/// energy alone.
public struct SpeechDetector: ~Copyable {
  private var gate: EnergyDetector
  private var network: NetworkDetector?

  /// A detector for raw vectors that begin with `bandCount` log-mel bands; call `restart()` before
  /// the first frame.
  public init(
    _ parameters: EnergyDetector.Parameters, network tables: DetectorTables?, bandCount: Int,
    arena: inout Arena
  ) {
    gate = EnergyDetector(parameters, bandCount: bandCount, arena: &arena)
    if let tables {
      network = NetworkDetector(tables, arena: &arena)
    } else {
      network = nil
    }
  }

  /// Forgets all frames.
  public mutating func restart() {
    gate.restart()
    network?.restart()
  }

  /// Judges the next frame; `raw` begins with its log-mel bands in Q16.
  public mutating func hear(_ raw: UnsafePointer<Int32>) -> EnergyDetector.Activity {
    let passed = gate.hear(raw)
    network?.push(raw)
    guard passed != .quiet, let heard = network?.judge() else { return passed }
    return heard.rawValue < passed.rawValue ? heard : passed
  }
}
