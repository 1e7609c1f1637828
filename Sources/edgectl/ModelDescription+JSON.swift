import JSON

extension ModelDescription {
  /// The description as one object.
  var json: JSONValue {
    [
      "path": .string(path), "model": .string(identifier),
      "classes": .array(
        classes.map { ["name": .string($0.name), "label": .string($0.label)] }),
      "front_end": [
        "sample_rate": .integer(Int(frontEnd.sampleRate)), "frame": .integer(Int(frontEnd.frame)),
        "hop": .integer(Int(frontEnd.hop)), "fft": .integer(Int(frontEnd.fft)),
        "bands": .integer(Int(frontEnd.bands)),
        "coefficients": .integer(Int(frontEnd.coefficients)),
        "fmin": .number(Double(frontEnd.minimumFrequency)),
        "fmax": .number(Double(frontEnd.maximumFrequency)),
      ],
      "recognition": recognitionJSON,
      "layers": .array(layers.map(\.json)),
      "weight_bytes": .integer(weightBytes),
      "multiplications_per_frame": .number(multiplicationsPerFrame),
      "multiplications_per_decision": .integer(multiplicationsPerDecision),
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
      "session_gap_ms": .integer(milliseconds(recognition.sessionGapFrames)),
      "detector": detectorJSON,
    ]
  }
}

extension ModelDescription {
  private var detectorJSON: JSONValue {
    var detector = JSONObject()
    detector["kind"] = .string(network == nil ? "energy" : "network")
    detector["version"] = .integer(Int(recognition.detector.version))
    if let network {
      detector["weight_bytes"] = .integer(network.weightBytes)
      detector["multiplications_per_frame"] = .integer(network.multiplications)
    }
    return .object(detector)
  }
}

extension ModelDescription.Layer {
  fileprivate var json: JSONValue {
    [
      "operator": .string(operation), "inputs": .array(inputs.map { .integer($0) }),
      "channels": .integer(Int(tensor.channels)), "rate": .integer(Int(tensor.rate)),
      "scale": .number(Double(tensor.scale)), "zero_point": .integer(Int(tensor.zeroPoint)),
      "bytes": .integer(weightBytes), "multiplications": .integer(multiplications),
      "state_bytes": .integer(stateBytes),
      "activation": [
        "rows": .integer(activation.rows), "offset": .integer(activation.offset),
        "bytes": .integer(activation.bytes), "first": .integer(activation.life.lowerBound),
        "last": .integer(activation.life.upperBound),
      ],
    ]
  }
}
