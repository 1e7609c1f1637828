import Foundation
import Service

/// Where a message is to be looked up.
enum MessageSection: Hashable, CustomStringConvertible {
  /// Under the MESSAGE_ID that it has in the log.
  case log(LogTopic)
  /// In docs/EVENTS.md: only clients are told.
  case refusals

  var description: String {
    switch self {
    case .log(let topic): "docs/TROUBLESHOOTING.md under \(topic), \(topic.rawValue)"
    case .refusals: "docs/EVENTS.md under “Refusals”"
    }
  }
}

/// The tables of a guide to messages: under each heading what is said, and what to do.
struct MessageGuide {
  /// A row of a table.
  struct Row {
    var section: MessageSection
    /// The messages in it, as they are written: `…` for what differs.
    var messages: [String]
    /// What to do, besides what the messages say.
    var remedy: String

    /// Whether there is something to do, or it is said that there is nothing: in the row, or in the
    /// messages, which say it behind a semicolon.
    var hasRemedy: Bool {
      remedy.contains(where: \.isLetter)
        || !messages.isEmpty && messages.allSatisfy { $0.contains(";") }
    }
  }

  private(set) var rows: [Row] = []

  /// Reads Markdown: the tables that have a column “message” and end with “what to do”. A row that
  /// lacks a cell has no remedy.
  init(_ markdown: String) {
    var section: MessageSection?
    // Where the messages are, and how many cells a row has.
    var table: (column: Int, width: Int)?
    for line in markdown.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("#") {
        if !line.hasPrefix("####") { section = Self.section(line) }
      } else if !line.hasPrefix("|") {
        table = nil
      } else if let table {
        let cells = Self.cells(line)
        guard let section, !line.hasPrefix("|---") else { continue }
        let isWhole = cells.count == table.width
        rows.append(
          Row(
            section: section,
            messages: cells.dropFirst(table.column).first?.spans.map(Self.normalized) ?? [],
            remedy: isWhole ? cells[table.width - 1].text : ""))
      } else {
        let titles = Self.cells(line).map { $0.text.trimmingCharacters(in: ["`", " "]) }
        let column = titles.last == "what to do" ? titles.firstIndex(of: "message") : nil
        table = column.map { ($0, titles.count) }
      }
    }
  }

  /// The guides of the repository.
  static func ofRepository() throws -> MessageGuide {
    var guide = MessageGuide("")
    for name in ["TROUBLESHOOTING", "EVENTS"] {
      let path = Repository.root.appending(path: "docs/\(name).md")
      guide.rows += MessageGuide(try String(contentsOf: path, encoding: .utf8)).rows
    }
    return guide
  }

  /// `text` with one space wherever there is white space in it.
  static func normalized(_ text: some StringProtocol) -> String {
    text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }

  /// The section that a heading begins, if it is one of messages.
  private static func section(_ heading: Substring) -> MessageSection? {
    if heading == "### Refusals" { return .refusals }
    return heading.firstMatch(of: /^### `([0-9a-f]{32})`/)
      .flatMap { LogTopic(rawValue: String($0.1)) }.map { .log($0) }
  }

  /// The cells of a row, each with what is written as code in it. A code span ends with as many
  /// backticks as it begins with, and may have fewer in it.
  private static func cells(_ line: Substring) -> [(text: String, spans: [String])] {
    var cells: [(text: String, spans: [String])] = []
    var cell = (text: "", spans: [String]())
    var rest = line.dropFirst()
    while let character = rest.first {
      let fence = rest.prefix { $0 == "`" }
      if !fence.isEmpty {
        let inner = rest.dropFirst(fence.count)
        var end = inner.startIndex
        while end < inner.endIndex {
          let run = inner[end...].prefix { $0 == "`" }
          if run.count == fence.count { break }
          end = run.isEmpty ? inner.index(after: end) : run.endIndex
        }
        cell.spans.append(String(inner[..<end]))
        cell.text += "`\(inner[..<end])`"
        rest = inner[end...].dropFirst(fence.count)
      } else if character == "|" {
        cells.append((cell.text.trimmingCharacters(in: [" "]), cell.spans))
        cell = ("", [])
        rest = rest.dropFirst()
      } else {
        cell.text.append(character)
        rest = rest.dropFirst()
      }
    }
    return cells
  }
}
