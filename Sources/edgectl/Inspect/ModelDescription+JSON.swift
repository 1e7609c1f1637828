import Acoustics
import JSON

extension ModelDescription {
  /// The description as one object.
  var json: JSONValue {
    [
      "path": .string(path), "model": .string(identifier),
      "classes": .array(
        classes.map { ["name": .string($0.name), "label": .string($0.label)] }),
      "front_end": frontEnd.json,
      "recognition": recognitionJSON,
      "layers": .array(network.layers.map(\.json)),
      "weight_bytes": .integer(network.weightBytes),
      "multiplications_per_frame": .number(network.multiplicationsPerFrame),
      "multiplications_per_decision": .integer(network.multiplicationsPerDecision),
      "memory": [
        "front_end": .integer(plan.frontEnd), "segmentation": .integer(plan.segmentation),
        "features": .integer(plan.features), "network_rows": .integer(plan.networkRows),
        "network_state": .integer(plan.networkState), "tensors": .integer(plan.activations),
        "tensors_apart": .integer(plan.activationsApart), "all": .integer(plan.total),
      ],
      "known_frames": .integer(knownFrames),
      "card": .object(card),
    ]
  }

  private var recognitionJSON: JSONValue {
    [
      "context_ms": .integer(milliseconds(recognition.contextFrames)),
      "interim_ms": .integer(milliseconds(recognition.interimFrames)),
      "preroll_ms": .integer(milliseconds(recognition.prerollFrames)),
      "hangover_ms": .integer(milliseconds(recognition.hangoverFrames)),
      "baseline_segments": .integer(Int(recognition.baselineSegments)),
      "bias_segments": .integer(biasSegments),
      "centre_segments": .integer(centreSegments),
      "known_talker_gain": .number(knownTalkerGain),
      "session_gap_ms": .integer(milliseconds(recognition.sessionGapFrames)),
      "detector": detectorJSON,
    ]
  }

  private var detectorJSON: JSONValue {
    var detector = JSONObject()
    detector["kind"] = .string(detectorNetwork == nil ? "energy" : "network")
    detector["version"] = .integer(Int(recognition.detector.version))
    if let detectorNetwork {
      detector["weight_bytes"] = .integer(detectorNetwork.weightBytes)
      detector["multiplications_per_frame"] = .integer(detectorNetwork.multiplications)
    }
    return .object(detector)
  }
}

extension FrontEndDefinition {
  /// What it computes, with the names that docs/FORMATS.md gives.
  var json: JSONValue {
    [
      "sample_rate": .integer(Int(sampleRate)), "frame": .integer(Int(frame)),
      "hop": .integer(Int(hop)), "fft": .integer(Int(fft)), "bands": .integer(Int(bands)),
      "coefficients": .integer(Int(coefficients)),
      "fmin": .number(Double(minimumFrequency)), "fmax": .number(Double(maximumFrequency)),
    ]
  }
}
