import Foundation
import JSON
import TestSupport
import Testing

/// The daemon's hot threads allocate nothing once they run: malloc itself is counted, in the real
/// daemon, through ALSA.
@Suite(.waiting) struct AllocationTests {
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
    let source = Repository.root.appending(path: "Tests/ProcessTests/count_allocations.c")
    let compiled = try Program.run(
      Program.onPath("gcc"), ["-O2", "-shared", "-fPIC", "-o", library, source.path])
    try #require(compiled.status == 0, "\(compiled.error)")
    return library
  }

  /// What the threads of a process are called.
  private func threads(of process: Int32) throws -> Set<String> {
    let tasks = "/proc/\(process)/task"
    let names = try FileManager.default.contentsOfDirectory(atPath: tasks).map {
      try String(contentsOfFile: "\(tasks)/\($0)/comm", encoding: .utf8)
    }
    return Set(names.map { String($0.dropLast()) })
  }

  @Test func segmentsAfterTheFirstTakeNoAllocation() throws {
    let folder = TemporaryFolder()
    let speech = Speech()
    let microphone = try PacedMicrophone(playing: speech.repeated(speech.file(), 3))
    let counted = folder.path("counts")
    let daemon = try RunningDaemon(
      ["--device", "pcm:mic"], hearing: microphone,
      environment: ["LD_PRELOAD": interposer(in: folder), "ALLOCATION_COUNTS": counted])
    let client = try daemon.client()
    // Everything is warm once a first segment was heard to its end: the runtime makes its
    // descriptions of generic types when they are first used.
    try client.read(until: "speech_end")
    let before = try counts(counted)
    var segments = 0
    let heard = try client.read(until: "two more segments", within: 20) {
      segments += $0.type == "speech_end" ? 1 : 0
      return segments == 2
    }
    let after = try counts(counted)
    #expect(before[0] > 0, "the interposer counts: opening the device allocates")
    #expect(
      try threads(of: daemon.processIdentifier).isSuperset(of: ["capture", "inference"]),
      "the interposer knows them by these names")
    #expect(after == before)
    #expect(heard.contains { $0.type == "emotion" && $0["final"]?.bool == true })
    #expect(daemon.terminate().status == 0)
  }
}
