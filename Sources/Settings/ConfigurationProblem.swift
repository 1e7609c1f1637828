/// One thing that is wrong with a configuration: the file, the line where it can be told, and one
/// sentence.
public struct ConfigurationProblem: Error, Equatable, Sendable, CustomStringConvertible {
  /// What is wrong, by remedy.
  public enum Kind: Equatable, Sendable {
    /// The file cannot be read.
    case unreadable
    /// The file is not TOML.
    case syntax
    /// A key that does not exist: misspelled, or of another version.
    case unknownKey
    /// A value of the wrong type.
    case wrongType
    /// A value that is not allowed.
    case badValue
  }

  /// What is wrong, by remedy.
  public var kind: Kind
  /// Path of the file.
  public var file: String
  /// Line, counted from 1; nil when it concerns the whole file.
  public var line: Int?
  /// What is wrong there and what to write instead.
  public var message: String

  /// A problem; see the properties.
  public init(_ kind: Kind, file: String, line: Int? = nil, message: String) {
    self.kind = kind
    self.file = file
    self.line = line
    self.message = message
  }

  /// `file:line: message`, as compilers write it.
  public var description: String {
    "\(Configuration.Place(file: file, line: line)): \(message)"
  }

  /// A token that does not change, for programs.
  public var token: String {
    switch kind {
    case .unreadable: "unreadable"
    case .syntax: "syntax"
    case .unknownKey: "unknown_key"
    case .wrongType: "wrong_type"
    case .badValue: "bad_value"
    }
  }
}
