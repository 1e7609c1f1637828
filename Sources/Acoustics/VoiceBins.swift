/// The bins of the spectrum that the voice features use.
public struct VoiceBins: Equatable, Sendable {
  /// The first bin from 61 Hz on.
  public let first: Int
  /// Bins from there up to 4000 Hz.
  public let count: Int
  /// Where 1000 Hz begins.
  let middle: Int
  /// Where 5000 Hz begins, or one past the last bin.
  let end: Int

  /// The bins of `definition`'s spectrum.
  public init(_ definition: FrontEndDefinition) {
    first = definition.firstBin(from: 61)
    count = definition.firstBin(from: 4000) - first
    middle = definition.firstBin(from: 1000)
    end = definition.firstBin(from: 5000)
  }

  /// Row stride of tables over these bins: whole vectors of 16.
  public var stride: Int { (count + 15) & ~15 }
}
