import Foundation
import TestSupport
import Testing

/// The daemon as it is run: models that it cannot use.
@Suite(.waiting) struct DaemonModelTests {
  private let input = DaemonInput()
  private let foreign = Array("GIF89a".utf8) + [UInt8](repeating: 7, count: 4000)

  private func model() throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(fileURLWithPath: Repository.model)))
  }

  @Test func aMissingModel() throws {
    let (_, line) = try input.refusal(model: "/nonexistent/emotion.edge")
    #expect(line.contains("/nonexistent/emotion.edge"))
    #expect(line.contains("No such file"))
  }

  @Test func aTruncatedModel() throws {
    let good = try model()
    let path = try input.file("short.edge", good.prefix(good.count / 2))
    #expect(try input.refusal(model: path).line.contains("copy it again"))
  }

  @Test func aModelWithOneBitFlipped() throws {
    var bytes = try model()
    bytes[bytes.count / 2] ^= 0x10
    let path = try input.file("flipped.edge", bytes)
    #expect(try input.refusal(model: path).line.contains("SHA-256"))
  }

  @Test func aNamedPipeAsModelIsNotWaitedFor() throws {
    let pipe = input.path("pipe.edge")
    #expect(mkfifo(pipe, 0o600) == 0)
    let sentence = "cannot use \(pipe) as a model: it is not a file"
    let check = try RunningProgram(
      Program.folder.appending(path: "edged"),
      ["--check-config", "--config", input.file("pipe.toml", "".utf8), "--model", pipe])
    #expect(check.status() == 78)
    #expect(check.error.contains(sentence), "\(check.error)")
    let daemon = try RunningDaemon(
      configuration: "model = \"\(Repository.model)\"\n" + DaemonInput.noCard, model: "")
    let message = try daemon.refusalOfReload(
      of: "model", in: "model = \"\(pipe)\"\n" + DaemonInput.noCard)
    #expect(message.contains(sentence), "\(message)")
    #expect(daemon.terminate().status == 0)
  }

  @Test func theCheckAndTheStartRefuseABadModelAlike() throws {
    #expect(try input.refusedByBoth(model: "/nonexistent.edge").contains("/nonexistent.edge"))
    let path = try input.file("foreign.edge", foreign)
    #expect(try input.refusedByBoth(model: path).contains("not an .edge file"))
  }
}
