import Affect
import EventStream
import Foundation
import JSON
import SoundDevices
import TestSupport
import Testing

/// `edgectl tail` on a service that a test feeds.
struct TailedService {
  static let run = RunIdentifier(hexadecimal: "00112233445566778899aabbccddeeff")!
  static let otherRun = RunIdentifier(hexadecimal: "ffeeddccbbaa99887766554433221100")!
  private let folder = TemporaryFolder()
  var path: String { folder.path("events.sock") }
  let edgectl = Program.folder.appending(path: "edgectl")

  /// Four losses on one stream and one on another.
  static let fiveLosses =
    EventService.losses(1...4) + [Event(stream: "kiosk", .xrun(Xrun(lostMs: 5)))]

  func service(
    run: RunIdentifier = run, holding held: [Event] = [],
    settings: EventServer.Settings = EventServer.Settings(), state: DeviceState = .running
  ) throws -> EventService {
    try EventService(path: path, run: run, holding: held, settings: settings, state: state)
  }

  func tail(
    _ arguments: String..., environment: [String: String] = [:]
  ) throws -> RunningProgram {
    try RunningProgram(
      edgectl, ["tail", "--socket", path] + arguments, environment: environment)
  }

  /// What `arguments` print of five losses that are held already, and how that ends.
  func shown(_ arguments: [String]) throws -> (losses: [Int], status: Int32) {
    let service = try service(holding: TailedService.fiveLosses)
    defer { service.end() }
    let program = try RunningProgram(edgectl, ["tail", "--socket", path] + arguments)
    let status = program.status()
    return (losses(program), status)
  }

  func losses(_ program: RunningProgram) -> [Int] {
    program.lines.compactMap { line in
      (try? JSONValue(parsing: Array(line.utf8)))?["lost_ms"]?.integer
    }
  }
}
