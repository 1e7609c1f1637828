import ArgumentParser
import Console
import JSON
import Text

/// `edgectl status`: how the daemon, its streams and its model are.
struct Status: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show the state of the daemon, its streams and its model.",
    discussion:
      """
      Exit status: 0 when every stream's device is running; 3 when one is not, when edged does not list all streams, or when the \
      last reload was refused; 1 when the daemon cannot be reached.
      """
  )

  @Flag(help: "Print the daemon's own answer, one JSON object.")
  var json = false

  @OptionGroup var daemon: SocketOption

  func run() throws {
    var inquiry = try DaemonInquiry(path: daemon.socket)
    let (answer, line) = try inquiry.status()
    if json {
      try StandardOutput.write(line + Array("\n".utf8))
    } else {
      try show(answer)
    }
    let isWell = answer.streams.allSatisfy { $0["state"]?.string == "running" }
    guard isWell, answer.streamsLeftOut == 0, answer["reload_refused"] == nil else {
      throw ExitCode(3)
    }
  }

  private func show(_ answer: JSONObject) throws {
    let uptime = (answer["uptime_ms"]?.integer ?? 0) / 1000
    try StandardOutput.line(
      "edged \(word(answer["version"])), up \(duration(uptime)), run \(word(answer["run"]))")
    try StandardOutput.line(
      "events  \(word(answer["last_seq"])) so far, clients: \(word(answer["clients"])),"
        + " \(word(answer["dropped"])) lines dropped for slow ones")
    if let model = answer["model"]?.object {
      let labels = (model["labels"]?.array ?? []).map(word).joined(separator: ", ")
      try StandardOutput.line(
        "model   \(word(model["name"])) (\(word(model["id"]).prefix(12))): \(labels)")
    } else {
      try StandardOutput.line("model   none")
    }
    for refusal in answer["reload_refused"]?.array ?? [] {
      try StandardOutput.line(
        "reload  refused, what was loaded before serves on: \(word(refusal["message"]))")
    }
    for stream in answer.streams {
      let rate = stream["rate_hz"].map { ", \(word($0)) Hz" } ?? ""
      let sustained = stream["sustained"].map { ", \(word($0))" } ?? ""
      let silent = stream["infers_emotion"]?.bool == false ? ", no emotion for this role" : ""
      try StandardOutput.line(
        "stream  \(StreamSentence(stream).text)\(rate)\(sustained)\(silent)")
    }
    if let sentence = answer.leavingOut { try StandardOutput.line("stream  \(sentence)") }
  }

  private func word(_ value: JSONValue?) -> String {
    (value.map { $0.string ?? $0.description } ?? "?").printable
  }

  private func duration(_ seconds: Int) -> String {
    switch seconds {
    case ..<60: "\(seconds) s"
    case ..<3600: "\(seconds / 60) min"
    case ..<86_400: "\(seconds / 3600) h \(seconds / 60 % 60) min"
    default: "\(seconds / 86_400) d \(seconds / 3600 % 24) h"
    }
  }
}
