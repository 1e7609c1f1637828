import Affect
import EventStream
import Foundation
import TestSupport
import Testing

/// What `edgectl tail` says to people.
@Suite(.waiting) struct TailReadingTests {
  private let tailed = TailedService()
  private var path: String { tailed.path }

  @Test func gapsAndStatesAreToldInWords() throws {
    let state = SustainedState(
      label: .angry, sinceMs: 1_000, phase: .start, atMs: 5_200, share: 7_000)
    let over = SustainedState(
      label: .angry, sinceMs: 1_000, phase: .end, atMs: 21_000, share: 2_000)
    let held = [state, over].map { Event(stream: "caller", .state($0)) }
    var service = try tailed.service(holding: held)
    let states = try tailed.tail("--readable", "-n", "2", "--count", "2")
    #expect(states.status() == 0)
    #expect(states.lines.first?.hasSuffix("caller    angry for 4.2 s now") == true)
    #expect(states.lines.last?.hasSuffix("caller    angry no more, after 20.0 s") == true)
    service.end()
    var settings = EventServer.Settings()
    settings.historyBytes = 8_192
    service = try tailed.service(holding: EventService.losses(1...200), settings: settings)
    let expired = try tailed.tail(
      "--readable", "--after-cursor", "\(TailedService.run):0", "--count", "1")
    #expect(expired.status() == 0)
    #expect(expired.lines.first?.contains("events were missed: edged holds them no more") == true)
    let restarted = try tailed.tail(
      "--readable", "--after-cursor", "\(TailedService.otherRun):7", "--count", "1")
    #expect(restarted.status() == 0)
    #expect(restarted.lines.first?.contains("edged was restarted") == true)
    service.end()
  }

  /// What is shown on a terminal of a loss and of a device that calls itself something wild.
  private func onTerminal(_ environment: [String: String]) throws -> String {
    let wild = DeviceChange(.lost, message: "\u{1b}]0;mine\u{7} went")
    let service = try tailed.service(
      holding: EventService.losses(1...1) + [Event(stream: "caller", .device(wild))])
    defer { service.end() }
    let program = try RunningProgram(
      try Program.onPath("script"),
      ["-qec", "'\(tailed.edgectl.path)' tail --socket '\(path)' -n 2 --count 2", "/dev/null"],
      environment: environment)
    #expect(program.status() == 0)
    return program.output
  }

  @Test func onATerminalItIsForPeople() throws {
    let coloured = try onTerminal(["NO_COLOR": "", "TERM": "xterm"])
    #expect(coloured.contains("edgectl: caller: caller on auto channel 0, "))
    #expect(coloured.contains("1 ms of sound were lost"))
    #expect(!coloured.contains("{"))
    #expect(coloured.contains("\u{1b}[2m"))
    #expect(coloured.contains("]0;mine"))
    #expect(!coloured.contains("\u{1b}]"))
    for forbidden in [["NO_COLOR": "1", "TERM": "xterm"], ["NO_COLOR": "", "TERM": "dumb"]] {
      let plain = try onTerminal(forbidden)
      #expect(plain.contains("1 ms of sound were lost"))
      #expect(!plain.contains("\u{1b}"))
    }
  }
}
