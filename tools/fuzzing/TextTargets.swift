@testable import EventStream
import JSON
@testable import Settings

/// The daemon's configuration: TOML, then what its keys may say.
enum ConfigurationTarget: Target {
  static func read(_ input: UnsafeRawBufferPointer) -> Bool {
    guard let text = String(validating: input, as: UTF8.self) else { return false }
    do {
      let review = ConfigurationReview()
      var configuration = Configuration()
      configuration.apply(ConfigurationFiles.parse(text, file: "edged.toml", review))
      configuration.checkWhole(review)
      try review.check(orderedBy: ["edged.toml"])
      return !configuration.runningStreams.isEmpty
    } catch {
      precondition(!"\(error)".isEmpty, "every refusal says what is wrong")
      return false
    }
  }
}

/// What a client sends: lines, each of which may be a command.
enum RequestTarget: Target {
  static func read(_ input: UnsafeRawBufferPointer) -> Bool {
    var buffer = LineBuffer(limit: 512)
    var rest = input
    var accepted = false
    while true {
      while let item = buffer.next() {
        guard case .line(let line) = item else { continue }
        precondition(line.count <= 512, "lines keep to the limit")
        if (try? Request(parsing: line)) != nil { accepted = true }
      }
      guard !rest.isEmpty else { return accepted }
      // As a socket gives them: in pieces of any size that there is room for.
      let size = min(rest.count, buffer.room, 1 + Int(rest[0]) % 97)
      buffer.append(UnsafeRawBufferPointer(rebasing: rest[..<size]))
      rest = UnsafeRawBufferPointer(rebasing: rest[size...])
    }
  }
}

/// A JSON document; what was read must come back when it is written and read again.
enum JSONTarget: Target {
  static func read(_ input: UnsafeRawBufferPointer) -> Bool {
    guard let value = try? JSONValue(parsing: Array(input)) else { return false }
    let written = value.description
    guard let again = try? JSONValue(parsing: Array(written.utf8)) else {
      fatalError("what was written cannot be read: \(written)")
    }
    precondition(again == value && again.description == written, "JSON comes back as it was")
    return true
  }
}
