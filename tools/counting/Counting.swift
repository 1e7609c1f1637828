// The parts of a model's way from samples to logits, each run between two calls that the counter of
// instructions sees.

import Acoustics
import FixedPoint
import Inference
import ModelFile

/// Told before a part runs: its name, the operator's index or −1, whether it is the operator's
/// share of a decision, how often such a run comes in a second of audio, and the multiplications in
/// one.
public typealias Begin = @convention(c) (UnsafePointer<UInt8>, Int32, Bool, Double, Double) -> Void
/// Told when a part has run.
public typealias End = @convention(c) () -> Void

/// Runs every part of the model in the file at `model` once, in the memory at `work`, both aligned
/// to 64 bytes; `variant` is the raw value of a `KernelVariant`. The file is trusted: summing and
/// checking it would take longer than all that is counted. Returns 0, or 1 for a file without the
/// parts.
@_cdecl("edged_run_parts")
public func runParts(
  _ model: UnsafeRawPointer, _ size: Int, _ variant: UInt8, _ work: UnsafeMutableRawPointer,
  _ workSize: Int, _ begin: Begin, _ end: End
) -> Int32 {
  let file = TrustedFile(UnsafeRawBufferPointer(start: model, count: size))
  guard let tables = try? FrontEndTables(file.section(.frontEnd)),
    let features = try? FeatureTables(file.section(.features), for: tables.definition),
    let variant = KernelVariant(rawValue: variant)
  else { return 1 }
  var arena = Arena(UnsafeMutableRawBufferPointer(start: work, count: workSize))
  let counter = Counter(begin: begin, end: end)
  counter.count("nothing", times: 1) {}
  var hearing = Hearing(
    tables, features, variant == .portable ? .portable : .neon, arena: &arena)
  hearing.run(counter)
  var network = Network(file.program, variant, arena: &arena)
  network.run(counter, framesPerSecond: hearing.framesPerSecond)
  return 0
}

/// Calls what the counter of instructions sees.
struct Counter {
  let begin: Begin
  let end: End

  /// Runs `body` between the calls; `times` of it come in a second of audio.
  func count(
    _ name: StaticString, operator index: Int = -1, decides: Bool = false, times: Double,
    multiplications: Double = 0, _ body: () -> Void
  ) {
    begin(name.utf8Start, Int32(index), decides, times, multiplications)
    body()
    end()
  }
}
