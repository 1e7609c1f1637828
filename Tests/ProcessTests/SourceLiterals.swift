import Foundation

/// The text literals of a Swift source, as they can be said.
struct SourceLiterals {
  /// One of them.
  struct Literal {
    /// What it says: `…` in the place of what is interpolated or added.
    var text: String
    /// Where it begins in `code`, in bytes.
    var offset: Int
  }

  /// The source less what nobody is told: comments, what a fault in the program says before it traps,
  /// and texts over several lines, which are answers to `--help`.
  let code: String
  private(set) var all: [Literal] = []

  private let bytes: [UInt8]
  private var position = 0

  /// Reads `source`: what `+` joins is one literal, and what stands within an interpolation or
  /// between two of them is one as well.
  init(of source: String) {
    let parts = source.components(separatedBy: "\"\"\"").enumerated().filter { $0.offset % 2 == 0 }
    code = parts.map(\.element).joined().split(separator: "\n")
      .filter { line in
        !line.drop { $0 == " " }.hasPrefix("//") && !line.contains("precondition")
          && !line.contains("#error(")
      }.joined(separator: "\n")
    bytes = Array(code.utf8)
    while position < bytes.count {
      if bytes[position] == Self.quote { readSum() } else { position += 1 }
    }
  }

  private static let quote = UInt8(ascii: "\"")
  private static let opening = Array("([{".utf8)
  private static let closing = Array(")]}".utf8)

  private mutating func readSum() {
    let start = position
    var text = readLiteral()
    while takePlus() {
      if bytes[position] == Self.quote {
        text += readLiteral()
      } else {
        readOperand()
        text += Array("…".utf8)
      }
    }
    let said = String(decoding: text, as: UTF8.self).replacing(/…+/, with: "…")
    all.append(Literal(text: said, offset: start))
  }

  private mutating func readLiteral() -> [UInt8] {
    var text: [UInt8] = []
    position += 1
    while bytes[position] != Self.quote {
      if bytes[position] == UInt8(ascii: "\\") {
        position += 1
        switch bytes[position] {
        case UInt8(ascii: "("):
          readBrackets()
          text += Array("…".utf8)
          continue
        case UInt8(ascii: "n"): text.append(UInt8(ascii: "\n"))
        case let byte: text.append(byte)
        }
      } else {
        text.append(bytes[position])
      }
      position += 1
    }
    position += 1
    return text
  }

  /// Passes over what is in brackets, and reads the literals in it.
  private mutating func readBrackets() {
    var depth = 0
    repeat {
      let byte = bytes[position]
      if byte == Self.quote {
        readSum()
      } else {
        if Self.opening.contains(byte) { depth += 1 }
        if Self.closing.contains(byte) { depth -= 1 }
        position += 1
      }
    } while depth > 0
  }

  /// Passes over what is added to a literal, and reads the literals in it.
  private mutating func readOperand() {
    while position < bytes.count {
      let byte = bytes[position]
      if Self.opening.contains(byte) {
        readBrackets()
      } else if byte == Self.quote {
        readSum()
      } else if Self.closing.contains(byte) || ",;+".utf8.contains(byte) || endsHere {
        return
      } else {
        position += 1
      }
    }
  }

  /// Whether the line ends and the next one does not go on with it.
  private var endsHere: Bool {
    guard bytes[position] == UInt8(ascii: "\n") else { return false }
    let next = bytes[position...].first { !" \n".utf8.contains($0) }
    return next.map { !"+.".utf8.contains($0) } ?? true
  }

  private mutating func takePlus() -> Bool {
    guard let plus = bytes[position...].firstIndex(where: { !" \n".utf8.contains($0) }),
      bytes[plus] == UInt8(ascii: "+"),
      let next = bytes[(plus + 1)...].firstIndex(where: { !" \n".utf8.contains($0) })
    else { return false }
    position = next
    return true
  }
}
