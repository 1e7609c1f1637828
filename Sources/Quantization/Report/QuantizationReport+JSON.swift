import JSON

extension QuantizationReport {
  /// Everything but the pictures, as one object.
  public var json: JSONValue {
    [
      "name": .string(name), "model": .string(identifier), "file_bytes": .integer(fileSize),
      "arena_bytes": .integer(arenaSize), "clips": .integer(clips),
      "contexts": .integer(contexts), "frames": .integer(frames),
      "agreement": .number(agreement), "logit_sqnr_db": .number(logitSignalToNoise),
      "multiplications_per_frame": .number(multiplicationsPerFrame),
      "multiplications_per_decision": .integer(multiplicationsPerDecision),
      "layers": .array(layers.map(\.json)),
    ]
  }
}

extension QuantizationReport.Layer {
  fileprivate var json: JSONValue {
    var object = JSONObject()
    object["name"] = .string(name)
    object["operator"] = .string(operation)
    object["channels"] = .integer(channels)
    object["rate"] = .integer(rate)
    if let grid {
      object["scale"] = .number(Double(grid.scale))
      object["zero_point"] = .integer(Int(grid.zeroPoint))
    }
    object["sqnr_db"] = .number(signalToNoise)
    if let weightSignalToNoise { object["weight_sqnr_db"] = .number(weightSignalToNoise) }
    object["parameters"] = .integer(parameterCount)
    object["multiplications"] = .integer(multiplications)
    object["minimum"] = .number(activations.minimum)
    object["maximum"] = .number(activations.maximum)
    return .object(object)
  }
}
