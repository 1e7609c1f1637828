import Foundation

/// A list of labelled recordings: one a line, tab-separated path, label and, optionally, session.
///
/// Recordings of one session are one talker's, heard in the order of the file with one baseline; a
/// recording without a session is heard alone. Empty lines and lines that begin with `#` are passed
/// over.
public struct Manifest: Sendable {
  /// One recording.
  public struct Entry: Equatable, Sendable {
    /// Where it is; a relative path counts from the manifest's folder.
    public let path: String
    /// What it is labelled.
    public let label: String
    /// Whose it is, if stated.
    public let session: String?
  }

  /// Why a manifest cannot be used.
  public enum Problem: Error, Equatable, CustomStringConvertible {
    case unreadable(path: String, reason: String)
    case columns(path: String, line: Int, found: Int)
    case blank(path: String, line: Int, column: String)
    case empty(path: String)
    case header(path: String, line: Int)

    /// One sentence: what, where, what to do.
    public var description: String {
      switch self {
      case .unreadable(let path, let reason):
        "cannot read the manifest \(path): \(reason)."
      case .columns(let path, let line, let found):
        "\(path):\(line): a line needs 2 or 3 tab-separated columns (path, label, session), this one has \(found); correct it."
      case .blank(let path, let line, let column):
        "\(path):\(line): there is no \(column) in this line; write it, or leave the line out."
      case .empty(let path):
        "\(path) names no recordings: write one “path<TAB>label” a line."
      case .header(let path, let line):
        "\(path):\(line): this is a header, as lists for edged-train have it; edgectl's have none, and three columns at most (path, label, session): leave it out."
      }
    }
  }

  /// In the order of the file.
  public let entries: [Entry]
  /// The line of each of `entries`, counted from 1.
  public let lines: [Int]
  /// The file.
  public let path: String

  /// Reads the file at `path`.
  public init(path: String) throws {
    let text: String
    do throws(TextFile.Problem) {
      text = try TextFile.read(path)
    } catch {
      throw Problem.unreadable(path: path, reason: error.reason)
    }
    try self.init(text, path: path)
  }

  /// Reads `text`, the contents of the file at `path`.
  public init(_ text: String, path: String) throws {
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
    var entries: [Entry] = []
    var numbers: [Int] = []
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    for (index, line) in lines.enumerated() where !line.isEmpty && !line.hasPrefix("#") {
      let columns = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      guard columns.prefix(2) != ["path", "label"] else {
        throw Problem.header(path: path, line: index + 1)
      }
      guard (2...3).contains(columns.count) else {
        throw Problem.columns(path: path, line: index + 1, found: columns.count)
      }
      if let blank = columns.prefix(2).firstIndex(of: "") {
        throw Problem.blank(path: path, line: index + 1, column: ["path", "label"][blank])
      }
      let recording = columns[0].hasPrefix("/") ? columns[0] : "\(folder)/\(columns[0])"
      let session = columns.count == 3 && !columns[2].isEmpty ? columns[2] : nil
      entries.append(Entry(path: recording, label: columns[1], session: session))
      numbers.append(index + 1)
    }
    guard !entries.isEmpty else { throw Problem.empty(path: path) }
    self.entries = entries
    self.lines = numbers
    self.path = path
  }

  /// Where an entry stands, as compilers write it: file and line.
  func place(of index: Int) -> String { "\(path):\(lines[index])" }

  /// Indices of `entries` that are heard one after the other: a session in the order of the file,
  /// or one recording.
  public var sittings: [[Int]] {
    var order: [[Int]] = []
    var place: [String: Int] = [:]
    for (index, entry) in entries.enumerated() {
      guard let session = entry.session else {
        order.append([index])
        continue
      }
      if let known = place[session] {
        order[known].append(index)
      } else {
        place[session] = order.count
        order.append([index])
      }
    }
    return order
  }
}
