import Inference
import JSON

extension ModelDescription {
  /// The description in lines, as a person reads it.
  func text(withPlan: Bool) -> String {
    var text = TextTable.aligned(facts)
    text += "\n" + TextTable(leftAligned: [1, 2]).text(layerRows)
    if withPlan { text += "\n" + TextTable(leftAligned: [0]).text(planRows) + activationText }
    text += "\nmodel card\n" + TextTable.aligned(cardRows(.object(card), prefix: ""))
    return text
  }

  private var facts: [(String, String)] {
    let end = frontEnd
    let detector = recognition.detector
    return [
      ("file", path),
      ("model", identifier),
      (
        "classes",
        classes.map { $0.name == $0.label ? $0.name : "\($0.name) (\($0.label))" }
          .joined(separator: ", ")
      ),
      (
        "front end",
        "\(end.sampleRate) Hz, frames of \(end.frame) samples every \(end.hop), FFT \(end.fft),"
          + " \(end.bands) mel bands from \(Int(end.minimumFrequency)) to"
          + " \(Int(end.maximumFrequency)) Hz, \(end.coefficients) coefficients"
      ),
      (
        "segments",
        "\(milliseconds(recognition.prerollFrames)) ms before speech,"
          + " \(milliseconds(recognition.hangoverFrames)) ms after; context"
          + " \(milliseconds(recognition.contextFrames)) ms, a decision every"
          + " \(milliseconds(recognition.interimFrames)) ms"
      ),
      (
        "detector",
        network.map {
          "a network of \($0.weightBytes) bytes, \($0.multiplications) multiplications a frame,"
            + " behind an energy gate; version \(detector.version)"
        } ?? "energy, version \(detector.version)"
      ),
      (
        "baseline",
        recognition.baselineSegments == 0
          ? "none"
          : "the talker's last \(recognition.baselineSegments) segments, forgotten after"
            + " \(milliseconds(recognition.sessionGapFrames) / 1000) s of silence"
      ),
      ("weights", "\(weightBytes) bytes in \(layers.count - 1) operators"),
      (
        "work",
        "\(Int(multiplicationsPerFrame.rounded())) multiplications a frame,"
          + " \(multiplicationsPerDecision) a decision"
      ),
      ("memory", "\(plan.total) bytes a stream"),
      ("known answer", "\(knownFrames) frames, came out as it must"),
    ]
  }

  private var layerRows: [[String]] {
    let header = ["#", "operator", "inputs", "channels", "per row", "scale", "zero", "bytes"]
    return [header]
      + layers.enumerated().map { index, layer in
        let isLogits = index == layers.count - 1
        return [
          "\(index)", layer.operation, layer.inputs.map(String.init).joined(separator: " "),
          "\(layer.tensor.channels)", rate(layer), isLogits ? "" : "\(layer.tensor.scale)",
          isLogits ? "" : "\(layer.tensor.zeroPoint)", "\(layer.weightBytes)",
        ]
      }
  }

  private func rate(_ layer: Layer) -> String {
    switch (layer.tensor.rate, layer.activation.rows) {
    case (0, 1): "decision"
    case (0, let rows): "decision/\(rows)"
    case (1, _): "1 frame"
    default: "\(layer.tensor.rate) frames"
    }
  }

  private var planRows: [[String]] {
    var rows = [["memory of one stream", "bytes"]]
    rows.append(["front end", "\(plan.frontEnd)"])
    rows.append(["segmentation, history, baseline", "\(plan.segmentation)"])
    rows.append(["features", "\(plan.features)"])
    rows.append(["network: rows and sums", "\(plan.networkRows)"])
    for (index, layer) in layers.enumerated() where layer.stateBytes > 0 {
      rows.append(["network: state of \(index) \(layer.operation)", "\(layer.stateBytes)"])
    }
    rows.append(["all", "\(plan.total)"])
    return rows
  }

  /// Where each tensor lies and while which operators run; the logits are not among the codes.
  private var activationText: String {
    let header = ["tensor", "rows × channels", "bytes", "from", "to", "alive"]
    let rows = layers.enumerated().dropLast().map { index, layer in
      let activation = layer.activation
      let life = activation.life
      return [
        "\(index) \(layer.operation)", "\(activation.rows) × \(layer.tensor.channels)",
        "\(activation.bytes)", "\(activation.offset)", "\(activation.offset + activation.bytes)",
        "\(life.lowerBound)–\(life.upperBound)",
      ]
    }
    return "\n" + TextTable(leftAligned: [0]).text([header] + rows)
      + "tensors: \(plan.activations) bytes, \(plan.activationsApart) if none shared any\n"
  }

  /// How deep the card is shown; the tables below, per class and such, are for `--json`.
  private static let cardDepth = 4

  /// A line for each fact of the card, nested names joined by points.
  private func cardRows(
    _ value: JSONValue, prefix: String, depth: Int = 0
  ) -> [(String, String)] {
    switch value {
    case .object(let object):
      guard depth < ModelDescription.cardDepth else { return [] }
      return object.members.flatMap { member in
        cardRows(
          member.value, prefix: prefix.isEmpty ? member.key : "\(prefix).\(member.key)",
          depth: depth + 1)
      }
    case .string(let text):
      return [(prefix, text)]
    case .array(let elements):
      guard !elements.contains(where: { $0.array != nil }) else { return [] }
      return [(prefix, elements.map { $0.string ?? $0.description }.joined(separator: ", "))]
    default:
      return [(prefix, value.description)]
    }
  }
}
