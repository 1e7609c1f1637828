import JSON

extension QuantizationReport {
  /// Everything except the pictures, as one object.
  public var json: JSONValue {
    var object = JSONObject()
    object["name"] = .string(name)
    object["model"] = .string(identifier)
    object["file_bytes"] = .integer(fileSize)
    if let arenaSize { object["arena_bytes"] = .integer(arenaSize) }
    object["clips"] = .integer(clips)
    object["contexts"] = .integer(contexts)
    object["frames"] = .integer(frames)
    object["agreement"] = .number(agreement)
    if let onlyLabel { object["only_label"] = .string(onlyLabel) }
    object["logit_sqnr_db"] = .number(logitSignalToNoise)
    object["multiplications_per_frame"] = .number(multiplicationsPerFrame)
    object["multiplications_per_decision"] = .integer(multiplicationsPerDecision)
    object["layers"] = .array(layers.map(\.json))
    return .object(object)
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
