import EventStream
import Foundation
import TestSupport
import Testing

/// `edgectl status`, and what every command says when there is nobody to ask.
@Suite(.waiting) struct StatusTests {
  private let tailed = TailedService()
  private var path: String { tailed.path }

  @Test func statusShowsTheDaemonAndWhetherAllIsWell() throws {
    let well = try tailed.service()
    let shown = try Program(name: "edgectl").run(["status", "--socket", path])
    #expect(shown.status == 0, "\(shown.error)")
    #expect(shown.output.contains("model   trial (9f86d081884c): neutral, angry"))
    #expect(shown.output.contains("stream  caller: caller on auto channel 0, running, 48000 Hz"))
    let answer = try Program(name: "edgectl").run(["status", "--json", "--socket", path])
    let checked = try Program.run(
      Repository.root.appending(path: "tools/validate-events"), [], input: Data(answer.output.utf8))
    #expect(checked.output == "")
    #expect(checked.status == 0)
    well.end()
    let ill = try tailed.service(state: .absent)
    #expect(try Program(name: "edgectl").run(["status", "--socket", path]).status == 3)
    ill.end()
  }

  @Test func withoutADaemonItSaysSoInOneSentence() throws {
    for command in ["tail", "status"] {
      let outcome = try Program(name: "edgectl").run([command, "--socket", path])
      #expect(outcome.status == 1)
      #expect(outcome.output == "")
      #expect(outcome.error.split(separator: "\n").count == 1)
      // systemd's commands would start another daemon than this one.
      #expect(
        outcome.error.contains("there is no socket \(path): start the edged that serves there"))
      #expect(!outcome.error.contains("systemctl"))
    }
  }

  @Test func nobodyAtASocketIsAdvisedByWhoseItIs() throws {
    close(try #require(UnixSocket.bound(to: path)))
    let outcome = try Program(name: "edgectl").run(["status", "--socket", path])
    #expect(outcome.status == 1)
    #expect(outcome.error.contains("nobody serves on \(path): start the edged that served there"))
    let service = try Program(name: "edgectl").run([
      "status", "--socket", "/run/edged/nothing.sock",
    ])
    #expect(service.error.contains("systemctl start edged"))
  }

  @Test func whatIsNoSocketIsNotTakenForAnAbandonedOne() throws {
    for path in ["/etc/passwd", "/tmp"] {
      let outcome = try Program(name: "edgectl").run(["status", "--socket", path])
      #expect(outcome.status == 1)
      #expect(outcome.error.contains("\(path) is not a socket that edged serves on"))
    }
  }
}
