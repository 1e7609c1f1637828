import Acoustics
import Quantization
import Recognition
import Testing

@testable import Evaluation

@Suite struct SpeechRecorderTests {
  /// Half a second of faint noise, one of loud noise, and one of faint noise again, at 16 kHz.
  private let samples: [Int16] = {
    var state: UInt32 = 1
    return (0..<40_000).map { index in
      state = state &* 1_664_525 &+ 1_013_904_223
      let noise = Int32(bitPattern: state) >> 16
      return Int16((8000..<24_000).contains(index) ? noise >> 3 : noise >> 10)
    }
  }()

  @Test func speechBeginsAndEndsWhereTheActivityOfItsFramesDoes() throws {
    let bytes = try FrontEndTables.section(for: FrontEndDefinition(), warp: 1)
    let memory = AlignedMemory(bytes)
    let recorder = SpeechRecorder(try FrontEndTables(memory.bytes), parameters: .standard)
    let raw = recorder.raw(samples)
    let activity = recorder.activity(raw)
    #expect(activity.count * recorder.rawCount == raw.count)
    let segment = try #require(recorder.segments(samples).first)
    #expect(recorder.segments(samples).count == 1)
    let speech = segment.speechStart..<segment.speechEnd
    #expect(
      activity.indices.filter { activity[$0] == .quiet }
        == activity.indices.filter { !speech.contains($0) })
    #expect(abs(segment.speechStart - 50) <= 3)
  }
}
