@testable import InferenceTests
import JSON
import TestSupport

/// Changes of a safetensors header, which is JSON that holds the model's document as text.
enum HeaderMutation {
  /// libFuzzer's changes of bytes.
  static func textual(_ header: [UInt8], _ random: inout SplitMix) -> [UInt8] {
    let memory = UnsafeMutableRawBufferPointer.allocate(
      byteCount: header.count + 64, alignment: 16)
    defer { memory.deallocate() }
    memory.copyBytes(from: header)
    return Array(memory[..<DefaultMutation.mutate(memory, count: header.count, &random)])
  }

  /// Another value somewhere in the document, or in the tensors' descriptions.
  static func structural(_ header: [UInt8], _ random: inout SplitMix) -> [UInt8] {
    guard var root = (try? JSONValue(parsing: header))?.object else {
      return textual(header, &random)
    }
    if random.chance(0.8), var metadata = root["__metadata__"]?.object,
      let text = metadata["edge"]?.string, let document = try? JSONValue(parsing: text)
    {
      metadata["edge"] = .string(changed(document, &random).description)
      root["__metadata__"] = .object(metadata)
      return Array(JSONValue.object(root).description.utf8)
    }
    return Array(changed(.object(root), &random).description.utf8)
  }

  private static func changed(_ value: JSONValue, _ random: inout SplitMix) -> JSONValue {
    switch value {
    case .object(let object) where !object.members.isEmpty && random.chance(0.93):
      var members = object.members
      let index = random.integer(0...members.count - 1)
      if random.chance(0.08) {
        members.remove(at: index)
      } else {
        members[index] = JSONObject.Member(
          key: members[index].key, value: changed(members[index].value, &random))
      }
      return .object(JSONObject(members))
    case .array(let elements) where !elements.isEmpty && random.chance(0.93):
      var elements = elements
      let index = random.integer(0...elements.count - 1)
      switch random.integer(0...12) {
      case 0: elements.remove(at: index)
      case 1: elements.insert(elements[index], at: index)
      case 2: elements.swapAt(index, random.integer(0...elements.count - 1))
      case 3: elements[index] = elements[random.integer(0...elements.count - 1)]
      default: elements[index] = changed(elements[index], &random)
      }
      return .array(elements)
    case .integer(let number):
      return .integer(
        [
          number &+ random.integer(-3...3), number &* 2, 0, 1, -1, .max, .min, 1 << 31,
          random.integer(0...4096),
        ].randomElement(using: &random)!)
    default:
      return [
        .null, true, 0, 1.5, -1, "features", "torch", "keras", "softmax", "lstm", "centre", [], [:],
        "",
        1e300, "bn1.mean", "same", ["features"], ["conv1", "relu1"],
      ].randomElement(using: &random)!
    }
  }
}
