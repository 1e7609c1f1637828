import JSON

/// Writes safetensors files as the format's definition says, for tests to read.
struct SafetensorsFixture {
  var metadata: [String: String] = [:]
  var tensors: [(name: String, shape: [Int], values: [Double])] = []

  /// All floats of 32 bits.
  func bytes() -> [UInt8] {
    var header = JSONObject()
    header["__metadata__"] = .object(
      JSONObject(metadata.map { JSONObject.Member(key: $0.key, value: .string($0.value)) }))
    var data: [UInt8] = []
    for tensor in tensors {
      let start = data.count
      for value in tensor.values {
        withUnsafeBytes(of: Float(value).bitPattern.littleEndian) { data.append(contentsOf: $0) }
      }
      header[tensor.name] = [
        "dtype": "F32", "shape": .array(tensor.shape.map { .integer($0) }),
        "data_offsets": [.integer(start), .integer(data.count)],
      ]
    }
    let text = Array(JSONValue.object(header).description.utf8)
    return SafetensorsFixture.file(header: text, data: data)
  }

  static func file(header: [UInt8], data: [UInt8]) -> [UInt8] {
    withUnsafeBytes(of: UInt64(header.count).littleEndian) { Array($0) } + header + data
  }
}
