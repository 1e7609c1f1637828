import Foundation

/// A list of labelled recordings, one per line: tab-separated path, label and, optionally, session.
///
/// Recordings of one session are of one talker and are judged in the order of the file with one
/// baseline; a recording without a session is judged alone. Blank lines and lines that begin with
/// `#` are skipped.
public struct Manifest: Sendable {
  /// One recording.
  public struct Entry: Equatable, Sendable {
    /// Its path; a relative one is relative to the manifest's folder.
    public let path: String
    /// Its label.
    public let label: String
    /// Its session, if stated.
    public let session: String?
  }

  /// Why there is no manifest; for problems with its lines see `WrongLines`.
  public enum Problem: Error, Equatable, CustomStringConvertible {
    case unreadable(path: String, reason: String)
    case empty(path: String)

    /// One sentence: what is wrong, where, what to do.
    public var description: String {
      switch self {
      case .unreadable(let path, let reason):
        "cannot read the manifest \(path): \(reason)."
      case .empty(let path):
        "\(path) names no recordings: write one “path<TAB>label” a line."
      }
    }
  }

  /// In the order of the file.
  public let entries: [Entry]
  /// The line of each of `entries`, counted from 1.
  public let lines: [Int]
  /// The file.
  public let path: String

  /// Reads the file at `path`; with `labels`, no other labels are allowed.
  public init(path: String, labels: ModelLabels? = nil) throws {
    try self.init(path: path, labels: labels) { () throws(TextFile.Problem) in
      try TextFile.read(path)
    }
  }

  /// Reads standard input; relative paths are relative to the working folder.
  public init(standardInputLabelled labels: ModelLabels) throws {
    try self.init(path: "standard input", labels: labels) { () throws(TextFile.Problem) in
      try TextFile.readStandardInput()
    }
  }

  private init(
    path: String, labels: ModelLabels?, read: () throws(TextFile.Problem) -> String
  ) throws {
    let text: String
    do throws(TextFile.Problem) {
      text = try read()
    } catch {
      throw Problem.unreadable(path: path, reason: error.reason)
    }
    try self.init(text, path: path, labels: labels)
  }

  /// Reads `text`, the contents of the file at `path`; with `labels`, no other labels are allowed.
  public init(_ text: String, path: String, labels: ModelLabels? = nil) throws {
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
    var entries: [Entry] = []
    var numbers: [Int] = []
    var wrong: [WrongLine] = []
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    for (index, line) in lines.enumerated()
    where !line.allSatisfy(\.isWhitespace) && !line.hasPrefix("#") {
      let columns = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      do throws(Fault) {
        entries.append(try Entry(columns, folder: folder, labels: labels))
        numbers.append(index + 1)
      } catch {
        wrong.append(WrongLine(index + 1, error))
        // The lines after the header of a training list have as many columns as it.
        if error == .header, columns.count > 3 { break }
      }
    }
    guard wrong.isEmpty else { throw WrongLines(path: path, lines: wrong) }
    guard !entries.isEmpty else { throw Problem.empty(path: path) }
    self.entries = entries
    self.lines = numbers
    self.path = path
  }

  /// The position of an entry as compilers write it: file and line.
  public func place(of index: Int) -> String { "\(path):\(lines[index])" }

  /// Indices of `entries` that are judged one after the other: a session in the order of the file,
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

extension Manifest.Entry {
  /// The recording in the columns of a line; relative paths are relative to `folder`.
  fileprivate init(
    _ columns: [String], folder: String, labels: ModelLabels?
  ) throws(Manifest.Fault) {
    guard columns.prefix(2) != ["path", "label"] else { throw .header }
    guard (2...3).contains(columns.count) else { throw .columns(found: columns.count) }
    if let blank = columns.prefix(2).firstIndex(of: "") {
      throw .blank(column: ["path", "label"][blank])
    }
    path = columns[0].hasPrefix("/") ? columns[0] : "\(folder)/\(columns[0])"
    label = columns[1]
    session = columns.count == 3 && !columns[2].isEmpty ? columns[2] : nil
    if let labels, !labels.labels.contains(label) {
      throw .label(
        recording: path, label: label, known: labels.labels,
        isClass: labels.classes.contains(label))
    }
  }
}
