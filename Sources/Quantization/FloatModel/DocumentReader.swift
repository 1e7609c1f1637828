import JSON

/// Reads one object of the `edge` document field by field, and keeps track of fields that were
/// never read.
///
/// Otherwise a misspelled name would silently become a default, and the model differ from the one
/// that was trained.
struct DocumentReader {
  /// The object's path, for error messages.
  let place: String
  private let object: JSONObject
  private var seen: Set<String> = []

  init(_ value: JSONValue, at place: String) throws(FloatModelProblem) {
    guard let object = value.object else {
      throw .wrongKind(
        place: place.isEmpty ? "the “edge” document" : place, expected: "an object",
        found: value.kindInWords)
    }
    self.object = object
    self.place = place
  }

  /// The full name of a field.
  func place(of key: String) -> String { place.isEmpty ? key : "\(place).\(key)" }

  mutating func optional(_ key: String) -> JSONValue? {
    seen.insert(key)
    return object[key]
  }

  mutating func value(_ key: String) throws(FloatModelProblem) -> JSONValue {
    guard let value = optional(key) else { throw .missing(place: place(of: key)) }
    return value
  }

  mutating func object(_ key: String) throws(FloatModelProblem) -> DocumentReader {
    try DocumentReader(value(key), at: place(of: key))
  }

  mutating func array(_ key: String) throws(FloatModelProblem) -> [JSONValue] {
    let value = try value(key)
    guard let array = value.array else { throw wrongKind(key, "an array", value) }
    return array
  }

  mutating func string(_ key: String) throws(FloatModelProblem) -> String {
    let value = try value(key)
    guard let string = value.string else { throw wrongKind(key, "a string", value) }
    return string
  }

  mutating func optionalString(_ key: String) throws(FloatModelProblem) -> String? {
    optional(key) == nil ? nil : try string(key)
  }

  /// A whole number in `range`; if absent, `standard`, or a refusal without one.
  mutating func integer(
    _ key: String, in range: ClosedRange<Int>, standard: Int? = nil
  ) throws(FloatModelProblem) -> Int {
    if let standard, optional(key) == nil { return standard }
    let value = try value(key)
    let allowed = "a whole number from \(range.lowerBound) to \(range.upperBound)"
    guard let integer = value.integer else {
      guard let number = value.number else { throw wrongKind(key, allowed, value) }
      throw .notAllowed(place: place(of: key), found: "\(number)", allowed: allowed)
    }
    guard range.contains(integer) else {
      throw .notAllowed(place: place(of: key), found: "\(integer)", allowed: allowed)
    }
    return integer
  }

  /// A number in `range`; `standard` if absent.
  mutating func number(
    _ key: String, in range: ClosedRange<Double>, standard: Double
  ) throws(FloatModelProblem) -> Double {
    if optional(key) == nil { return standard }
    let number = try number(key, above: -.infinity)
    guard range.contains(number) else {
      throw .notAllowed(
        place: place(of: key), found: "\(number)",
        allowed: "from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  /// A number above `minimum`.
  mutating func number(
    _ key: String, above minimum: Double
  ) throws(FloatModelProblem) -> Double {
    let value = try value(key)
    guard let number = value.number else { throw wrongKind(key, "a number", value) }
    guard number > minimum else {
      throw .notAllowed(place: place(of: key), found: "\(number)", allowed: "above \(minimum)")
    }
    return number
  }

  /// A word out of a list.
  mutating func word(_ key: String, of allowed: [String]) throws(FloatModelProblem) -> String {
    let word = try string(key)
    guard allowed.contains(word) else {
      throw .notAllowed(
        place: place(of: key), found: "“\(word)”",
        allowed: allowed.map { "“\($0)”" }.joined(separator: " or "))
    }
    return word
  }

  /// Refuses fields that were never read.
  func finish() throws(FloatModelProblem) {
    for member in object.members where !seen.contains(member.key) {
      throw .unknownField(place: place(of: member.key))
    }
  }

  private func wrongKind(
    _ key: String, _ expected: String, _ value: JSONValue
  ) -> FloatModelProblem {
    .wrongKind(place: place(of: key), expected: expected, found: value.kindInWords)
  }
}
