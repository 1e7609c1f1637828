import Acoustics
import Console
import JSON
import ModelFile
import Recognition
import Text

/// A speech detector's own file as people and programs want to read about it.
struct DetectorDescription {
  private let path: String
  private let identifier: String
  private let frontEnd: FrontEndDefinition
  private let coefficients: Int
  private let thresholds: NetworkDetector.Parameters
  private let network: NetworkDescription
  private let card: JSONObject

  /// Nil for a file without a network that hears speech.
  init?(_ loaded: LoadedDetector) {
    guard let tables = loaded.network else { return nil }
    path = loaded.path
    identifier = loaded.identifier
    frontEnd = loaded.frontEnd.definition
    coefficients = tables.features.columns
    thresholds = tables.parameters
    network = NetworkDescription(tables.program)
    card = loaded.card.object ?? JSONObject()
  }

  /// The description in lines, as a person reads it.
  var text: String {
    let facts =
      [
        ("file", path), ("detector", identifier),
        (
          "kind",
          "speech detector, for models of the same bands: “edgectl quantize --detector” puts it into one"
        ),
        ("front end", frontEnd.words), ("inputs", "\(coefficients) a frame"),
        (
          "speech",
          "from odds of 2^\(odds(thresholds.open)) on, and as long as they are 2^\(odds(thresholds.keep))"
        ),
      ] + network.facts + [("known answer", "came out as it must")]
    return TextTable.aligned(facts) + "\n" + network.text + "\n" + ModelCard(card).text
  }

  /// The description as one object.
  var json: JSONValue {
    [
      "path": .string(path), "detector": .string(identifier), "kind": "speech_detector",
      "front_end": frontEnd.json, "inputs": .integer(coefficients),
      "open_log2_odds": .number(logarithm(thresholds.open)),
      "keep_log2_odds": .number(logarithm(thresholds.keep)),
      "layers": .array(network.layers.map(\.json)), "weight_bytes": .integer(network.weightBytes),
      "multiplications_per_frame": .number(network.multiplicationsPerFrame),
      "multiplications_per_decision": .integer(network.multiplicationsPerDecision),
      "card": .object(card),
    ]
  }

  private func logarithm(_ threshold: Int32) -> Double { Double(threshold) / 65_536 }

  private func odds(_ threshold: Int32) -> String {
    decimal(logarithm(threshold), places: 2)
  }
}

extension FrontEndDefinition {
  /// What it computes, as a phrase.
  var words: String {
    "\(sampleRate) Hz, frames of \(frame) samples every \(hop), FFT \(fft), \(bands) mel bands from"
      + " \(Int(minimumFrequency)) to \(Int(maximumFrequency)) Hz"
  }
}
