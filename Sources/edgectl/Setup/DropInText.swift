/// The text of a drop-in, line by line, so that the device of one stream can be changed while all
/// else stays as somebody wrote it.
///
/// A stream's table is recognized by its header, `[stream.desk]` or `[stream."desk"]`. For one that
/// is written in another way a second table is added, which the daemon refuses, naming its line.
struct DropInText {
  private var lines: [String]

  /// What the file says so far.
  init(_ text: String) {
    lines = text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
      .map(String.init)
    if lines.last?.isEmpty == true { lines.removeLast() }
  }

  /// What it says now.
  var text: String { lines.map { $0 + "\n" }.joined() }

  /// Sets the device of `stream`.
  mutating func setDevice(_ device: String, of stream: String) {
    let setting = "device = \(DropInText.quoted(device))"
    let headers = ["[stream.\(DropInText.quoted(stream))]", "[stream.\(stream)]"]
    guard let start = lines.firstIndex(where: { DropInText.isHeader($0, among: headers) }) else {
      if !lines.isEmpty, lines.last?.hasPrefix("#") == false { lines.append("") }
      lines += [headers[0], setting]
      return
    }
    let table = lines[(start + 1)...].prefix { DropInText.trimmed($0).first != "[" }
    if let place = table.firstIndex(where: DropInText.setsDevice) {
      lines[place] = setting
    } else {
      lines.insert(setting, at: start + 1)
    }
  }

  private static func isHeader(_ line: String, among headers: [String]) -> Bool {
    let line = trimmed(line)
    return headers.contains { header in
      guard line.hasPrefix(header) else { return false }
      let rest = trimmed(line.dropFirst(header.count))
      return rest.isEmpty || rest.first == "#"
    }
  }

  private static func setsDevice(_ line: String) -> Bool {
    let line = trimmed(line)
    return line.hasPrefix("device") && trimmed(line.dropFirst("device".count)).first == "="
  }

  /// Without leading spaces and tabs.
  private static func trimmed(_ line: some StringProtocol) -> Substring {
    Substring(line).drop { $0 == " " || $0 == "\t" }
  }

  /// As a TOML string.
  private static func quoted(_ text: String) -> String {
    var quoted = "\""
    for character in text.unicodeScalars {
      if character == "\"" || character == "\\" { quoted += "\\" }
      quoted.unicodeScalars.append(character)
    }
    return quoted + "\""
  }
}
