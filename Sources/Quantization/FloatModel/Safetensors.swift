import JSON

/// A safetensors file: named tensors and text metadata.
///
/// The format is eight bytes of header length, a JSON header, and the data that the header
/// describes, without holes (github.com/huggingface/safetensors). Read here are `F32` and `F64`,
/// into doubles.
public struct Safetensors {
  /// A tensor, row-major.
  public struct Tensor: Equatable, Sendable {
    /// Sizes, outermost first.
    public let shape: [Int]
    /// All elements, each finite.
    public let values: [Double]
  }

  /// Text metadata by name.
  public let metadata: [String: String]
  private let tensors: [String: Tensor]

  /// Reads a whole file.
  public init(_ bytes: [UInt8]) throws(FloatModelProblem) {
    guard bytes.count >= 10, let length = Safetensors.headerLength(bytes),
      bytes[8] == UInt8(ascii: "{")
    else { throw .foreign }
    guard length <= bytes.count - 8 else {
      throw .truncated(expected: length &+ 8, found: bytes.count)
    }
    let header: JSONObject
    do throws(JSONProblem) {
      guard let object = try JSONValue(parsing: Array(bytes[8..<8 + length])).object else {
        throw JSONProblem(.unexpectedByte(bytes[8]), at: 0)
      }
      header = object
    } catch {
      throw .headerJSON(error)
    }
    let data = bytes[(8 + length)...]
    let described = header.members.compactMap { $0.value["data_offsets"]?.array?.last?.integer }
    let sound = described.filter { (0...Int.max - data.startIndex).contains($0) }
    let whole = data.startIndex + (sound.max() ?? 0)
    metadata = try Safetensors.metadata(header["__metadata__"])
    var tensors: [String: Tensor] = [:]
    var end = 0
    for member in header.members where member.key != "__metadata__" {
      let (tensor, last) = try Safetensors.tensor(member.key, member.value, data, whole)
      tensors[member.key] = tensor
      end = max(end, last)
    }
    guard end == data.count else {
      throw .truncated(expected: 8 + length + end, found: bytes.count)
    }
    self.tensors = tensors
  }

  /// The tensor called `name`.
  public subscript(name: String) -> Tensor? { tensors[name] }

  private static func headerLength(_ bytes: [UInt8]) -> Int? {
    Int(exactly: bytes.prefix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
      .flatMap { $0 <= Int.max - 8 ? $0 : nil }
  }

  private static func metadata(
    _ value: JSONValue?
  ) throws(FloatModelProblem) -> [String: String] {
    guard let value else { return [:] }
    guard let object = value.object else {
      throw .wrongKind(place: "__metadata__", expected: "an object", found: value.kindInWords)
    }
    var metadata: [String: String] = [:]
    for member in object.members {
      guard let text = member.value.string else {
        throw .wrongKind(
          place: "__metadata__.\(member.key)", expected: "a string",
          found: member.value.kindInWords)
      }
      metadata[member.key] = text
    }
    return metadata
  }

  /// One tensor of the header, and the end of its data; `whole` is the length of the file according
  /// to the header.
  private static func tensor(
    _ name: String, _ value: JSONValue, _ data: ArraySlice<UInt8>, _ whole: Int
  ) throws(FloatModelProblem) -> (Tensor, Int) {
    let shape = (value["shape"]?.array ?? []).map { $0.integer ?? -1 }
    let offsets = (value["data_offsets"]?.array ?? []).map { $0.integer ?? -1 }
    guard value["shape"]?.array != nil, shape.allSatisfy({ (0...0xffff_ffff).contains($0) }),
      offsets.count == 2, 0 <= offsets[0], offsets[0] <= offsets[1]
    else { throw .tensorHeader(name) }
    guard let type = value["dtype"]?.string, type == "F32" || type == "F64" else {
      throw .elementType(tensor: name, found: value["dtype"]?.string ?? "nothing")
    }
    let elementSize = type == "F32" ? 4 : 8
    var size = elementSize
    for length in shape {
      let (product, overflow) = size.multipliedReportingOverflow(by: length)
      guard !overflow else { throw .tensorHeader(name) }
      size = product
    }
    guard offsets[1] - offsets[0] == size else { throw .tensorHeader(name) }
    guard offsets[1] <= data.count else {
      throw .truncated(expected: whole, found: data.endIndex)
    }
    let start = data.startIndex + offsets[0]
    let values = data.withUnsafeBytes { bytes in
      (0..<size / elementSize).map { index in
        let offset = start - data.startIndex + index * elementSize
        return elementSize == 4
          ? Double(Float(bitPattern: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
          : Double(bitPattern: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
      }
    }
    guard values.allSatisfy(\.isFinite) else { throw .notFinite(tensor: name) }
    return (Tensor(shape: shape, values: values), offsets[1])
  }
}
