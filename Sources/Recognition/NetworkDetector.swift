import Acoustics
import FixedPoint
import Inference

/// Detects speech frame by frame with a small network trained to tell it from noise.
///
/// The network runs along with the stream on the mel bands of every frame. A verdict costs only its
/// last layer and is computed only while the energy gate is open (`SpeechDetector`). While the gate
/// is closed, frames are queued and processed in blocks, which reads the weights once for many
/// frames.
public struct NetworkDetector: ~Copyable {
  /// Classes of the network, in the order of its logits: noise, speech.
  public static let classCount = 2

  private let parameters: Parameters
  private var network: IntegerClassifier
  private let logits: UnsafeMutablePointer<Int32>

  /// A detector over checked tables; call `restart()` before the first frame.
  init(_ tables: DetectorTables, arena: inout Arena) {
    parameters = tables.parameters
    network = IntegerClassifier(
      tables.features, program: tables.program, variant: tables.kernels, arena: &arena)
    logits = arena.take(Int32.self, count: NetworkDetector.classCount)
  }

  /// Forgets every frame.
  mutating func restart() { network.restart() }

  /// Takes the next frame; `raw` begins with its log-mel bands in Q16.
  mutating func push(_ raw: UnsafePointer<Int32>) { network.push(raw) }

  /// The verdict on the last frame taken.
  mutating func judge() -> EnergyDetector.Activity {
    network.decide(into: logits)
    // Logits are bounded by 2³¹ − 2¹⁵, so their difference may need one more bit.
    let odds = Int64(logits[1]) &- Int64(logits[0])
    if odds > Int64(parameters.open) { return .strong }
    return odds > Int64(parameters.keep) ? .weak : .quiet
  }
}

extension NetworkDetector {
  /// The odds of speech at which segments open and stay open, in Q16 of log2 (65 536 is two to
  /// one).
  ///
  /// They belong to the model file: one record of four little-endian Int32, the last two zero.
  public struct Parameters: BitwiseCopyable, Equatable, Sendable {
    /// Odds above which a frame may open a segment.
    public var open: Int32
    /// Odds above which a frame keeps one open.
    public var keep: Int32
    private var reserved = SIMD2<Int32>(0, 0)

    /// Thresholds as the fields describe them.
    public init(open: Int32, keep: Int32) {
      self.open = open
      self.keep = keep
    }

    /// Whether the thresholds are in order and the rest of the record is zero.
    public var isUsable: Bool {
      let range: ClosedRange<Int32> = -(64 << 16)...(64 << 16)
      return range.contains(open) && range.contains(keep) && keep <= open && reserved[0] == 0
        && reserved[1] == 0
    }
  }
}

/// A network detector's tables, in the memory of its model, which outlives it.
public struct DetectorTables {
  /// When a frame is speech.
  public var parameters: NetworkDetector.Parameters
  /// From mel bands to the network's inputs.
  public var features: FeatureTables
  /// The network; two classes, noise and speech.
  public var program: Program
  /// The kernels that run it, available on this processor. All give the same bytes.
  public var kernels: KernelVariant

  /// Checked tables.
  public init(
    parameters: NetworkDetector.Parameters, features: FeatureTables, program: Program,
    kernels: KernelVariant = .best
  ) {
    self.parameters = parameters
    self.features = features
    self.program = program
    self.kernels = kernels
  }
}
