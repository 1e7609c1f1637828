import JSON

/// A request's fields, each of which must be there.
struct Request {
  private let object: JSONObject

  init(_ value: JSONValue) throws {
    guard let object = value.object else { throw ProbeProblem.field("") }
    self.object = object
  }

  func text(_ name: String) throws -> String {
    guard let text = object[name]?.string else { throw ProbeProblem.field(name) }
    return text
  }

  func integer(_ name: String) throws -> Int {
    guard let value = object[name]?.integer else { throw ProbeProblem.field(name) }
    return value
  }

  func integers(_ name: String) throws -> [Int] {
    guard let values = object[name]?.array?.compactMap(\.integer) else {
      throw ProbeProblem.field(name)
    }
    return values
  }

  /// Scales as single precision, as model files hold them.
  func scale(_ name: String) throws -> Float {
    guard let value = object[name]?.number else { throw ProbeProblem.field(name) }
    return Float(value)
  }

  func scales(_ name: String) throws -> [Float] {
    guard let values = object[name]?.array?.compactMap(\.number) else {
      throw ProbeProblem.field(name)
    }
    return values.map { Float($0) }
  }
}
