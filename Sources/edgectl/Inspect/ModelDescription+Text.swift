import Acoustics
import Console
import Text

extension ModelDescription {
  /// The description in lines, as a person reads it.
  func text(withPlan: Bool) -> String {
    var text = TextTable.aligned(facts)
    text += "\n" + network.text
    if withPlan { text += "\n" + TextTable(leftAligned: [0]).text(planRows) + activationText }
    return text + "\n" + ModelCard(card).text
  }

  private var facts: [(String, String)] {
    let detector = recognition.detector
    return [
      ("file", path),
      ("model", identifier),
      (
        "classes",
        classes.map { $0.name == $0.label ? $0.name : "\($0.name) (\($0.label))" }
          .joined(separator: ", ")
      ),
      ("front end", "\(frontEnd.words), \(frontEnd.coefficients) coefficients"),
      ("inputs", frontEnd.inputs),
      (
        "segments",
        "\(milliseconds(recognition.prerollFrames)) ms before speech,"
          + " \(milliseconds(recognition.hangoverFrames)) ms after; context"
          + " \(milliseconds(recognition.contextFrames)) ms, a decision every"
          + " \(milliseconds(recognition.interimFrames)) ms"
      ),
      (
        "detector",
        detectorNetwork.map {
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
      (
        "talker's bias",
        biasSegments == 0
          ? "none"
          : "what the network takes this voice for, learnt from about \(biasSegments) segments"
      ),
      (
        "centring",
        centreSegments == 0
          ? "none"
          : "what a layer says of this voice anyway, learnt from about \(centreSegments) segments"
      ),
      ("known talkers", knownTalkers),
    ] + network.facts + [
      ("memory", "\(plan.total) bytes a stream"),
      ("known answer", "\(knownFrames) frames, came out as it must"),
    ]
  }

  private var knownTalkers: String {
    knownTalkerGain == 1
      ? "judged with the confidence of unknown ones"
      : "logits times \(decimal(knownTalkerGain, places: 2)), for another confidence"
  }

  private var planRows: [[String]] {
    var rows = [["memory of one stream", "bytes"]]
    rows.append(["front end", "\(plan.frontEnd)"])
    rows.append(["segmentation, history, baseline", "\(plan.segmentation)"])
    rows.append(["features", "\(plan.features)"])
    rows.append(["network: rows and sums", "\(plan.networkRows)"])
    for (index, layer) in network.layers.enumerated() where layer.stateBytes > 0 {
      rows.append(["network: state of \(index) \(layer.operation)", "\(layer.stateBytes)"])
    }
    rows.append(["all", "\(plan.total)"])
    return rows
  }

  /// Where each tensor lies, and while which operators run; without the logits, which are not
  /// codes.
  private var activationText: String {
    let header = ["tensor", "rows × channels", "bytes", "from", "to", "alive"]
    let rows = network.layers.enumerated().dropLast().map { index, layer in
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
}
