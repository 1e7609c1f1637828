import Foundation
import JSON
import Testing

/// The daemon's hot threads allocate nothing once they run: malloc itself is counted, in the real daemon, through ALSA.
@Suite struct AllocationTests {
  /// Allocations so far of the capture and the inference thread.
  private func counts(_ path: String) throws -> [UInt64] {
    let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    return (0..<2).map { index in
      bytes[8 * index..<8 * index + 8].enumerated().reduce(0) {
        $0 | UInt64($1.element) << UInt64(8 * $1.offset)
      }
    }
  }

  private func interposer(in folder: TemporaryFolder) throws -> String {
    let library = folder.path("count.so")
    let source = Repository.root.appending(path: "tools/count-allocations/count_allocations.c")
    let compiled = try Program.run(
      Program.onPath("gcc"), ["-O2", "-shared", "-fPIC", "-o", library, source.path])
    try #require(compiled.status == 0, "\(compiled.error)")
    return library
  }

  @Test func fiveSecondsOfSoundAndTheEventsOfItTakeNoAllocation() throws {
    let folder = try TemporaryFolder()
    let speech = Speech()
    let clip = try speech.file(
      "I have been waiting for an hour. Nobody has told me anything. I will not wait any longer.")
    let microphone = try PacedMicrophone(playing: clip)
    let counted = folder.path("counts")
    let daemon = try RunningDaemon(
      ["--device", "pcm:mic"],
      environment: microphone.environment.merging([
        "LD_PRELOAD": interposer(in: folder), "ALLOCATION_COUNTS": counted,
      ]) { $1 })
    let client = try daemon.client()
    // Everything is warm once a first judgement was made.
    try client.read(until: "emotion")
    let before = try counts(counted)
    let heard = try client.read(until: "five seconds", within: 20) {
      $0.type == "speech_end" && ($0["end_ms"]?.integer ?? 0) > 4500
    }
    let after = try counts(counted)
    #expect(before[0] > 0, "the interposer counts: opening the device allocates")
    #expect(after == before)
    #expect(heard.contains { $0.type == "emotion" && $0["final"]?.bool == true })
    #expect(daemon.terminate().status == 0)
  }
}
