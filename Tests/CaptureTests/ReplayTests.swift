import Glibc
import SoundDevices
import Testing

@testable import Capture

/// A file in a temporary place, gone with the value.
final class TemporaryFile {
  let path: String

  init(_ bytes: [UInt8]) {
    var template = Array("/tmp/edged-test-XXXXXX".utf8CString)
    let descriptor = mkstemp(&template)
    path = template.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
    _ = write(descriptor, bytes, bytes.count)
    close(descriptor)
  }

  deinit { unlink(path) }
}

/// The bytes of a WAV file, field by field as the format defines them.
func wave(
  rate: Int = 16_000, channels: Int = 1, bits: Int = 16, tag: Int = 1, data: [UInt8],
  length: Int? = nil, before: [UInt8] = []
) -> [UInt8] {
  func number(_ value: Int, _ bytes: Int) -> [UInt8] {
    (0..<bytes).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }
  let frame = channels * bits / 8
  let format =
    Array("fmt ".utf8) + number(16, 4) + number(tag, 2) + number(channels, 2) + number(rate, 4)
    + number(rate * frame, 4) + number(frame, 2) + number(bits, 2)
  return Array("RIFF".utf8) + number(36 + data.count, 4) + Array("WAVE".utf8) + before + format
    + Array("data".utf8) + number(length ?? data.count, 4) + data
}

@Suite struct WaveFileTests {
  private func open(_ bytes: [UInt8]) throws(OpenProblem) -> WaveFile {
    let file = TemporaryFile(bytes)
    return try WaveFile(path: file.path)
  }

  private func reason(_ bytes: [UInt8]) -> String? {
    do throws(OpenProblem) {
      _ = try open(bytes)
      return nil
    } catch {
      guard case .badFile(_, let reason) = error else { return nil }
      return reason
    }
  }

  @Test func aNamedPipeIsRefusedAndNotWaitedFor() throws {
    let path = TemporaryFile([]).path
    try #require(mkfifo(path, 0o600) == 0)
    defer { unlink(path) }
    #expect(throws: OpenProblem.self) { try WaveFile(path: path) }
  }

  @Test func moreChannelsThanAnyCardHasAreADamagedHeader() {
    let data = [UInt8](repeating: 0, count: 4 * 65_535)
    #expect(reason(wave(channels: 65_535, data: data))?.contains("65535 channels") == true)
    #expect(reason(wave(channels: 256, data: data)) == nil)
  }

  @Test func readsExactlyTheSamples() throws {
    let file = try open(wave(data: [1, 0, 2, 0, 3, 0]))
    var samples = [Int16](repeating: 0, count: 8)
    #expect(file.frames == 3)
    #expect(file.read(at: 1, into: &samples, frames: 8) == 2)
    #expect(samples.prefix(2) == [2, 3])
    #expect(file.read(at: 3, into: &samples, frames: 8) == 0)
  }

  @Test(arguments: [(16, SampleFormat.int16), (24, .int24), (32, .int32)])
  func takesThreeDepths(bits: Int, sample: SampleFormat) throws {
    let data = [UInt8](repeating: 0, count: 2 * 2 * bits / 8)
    let file = try open(wave(rate: 44_100, channels: 2, bits: bits, data: data))
    #expect(file.format.sample == sample)
    #expect(file.format.rate == 44_100)
    #expect(file.format.channels == 2)
    #expect(file.frames == 2)
  }

  @Test func skipsChunksThatItDoesNotKnow() throws {
    let list = Array("LIST".utf8) + [3, 0, 0, 0, 9, 9, 9, 0]
    #expect(try open(wave(data: [1, 0], before: list)).frames == 1)
  }

  @Test(arguments: [0, 0xFFFF_FFFF]) func anOpenLengthMeansToTheEnd(length: Int) throws {
    #expect(try open(wave(data: [1, 0, 2, 0], length: length)).frames == 2)
  }

  @Test func aLengthBeyondTheFileEndsWithTheFile() throws {
    #expect(try open(wave(data: [1, 0, 2, 0, 3], length: 4000)).frames == 2)
  }

  @Test func refusesWithOneSentence() {
    #expect(reason([])?.contains("is not a WAV file") == true)
    #expect(reason(Array("fLaC and more".utf8))?.contains("is not a WAV file") == true)
    #expect(reason(Array(wave(data: [1, 0]).prefix(30)))?.contains("stops before") == true)
    #expect(reason(wave(data: [])) == "has no samples")
    #expect(reason(wave(bits: 8, data: [1]))?.contains("8-bit samples") == true)
    #expect(reason(wave(tag: 3, data: [1, 0]))?.contains("encoding 3") == true)
    #expect(reason(wave(rate: 4000, data: [1, 0]))?.contains("rate of 4000 Hz") == true)
    #expect(reason(wave(channels: 0, data: [1, 0]))?.contains("no channels") == true)
  }

  @Test func aMissingFileIsSaidToBeMissing() {
    #expect(
      throws: OpenProblem.badFile(
        path: "/nonexistent.wav", reason: "cannot be opened: No such file or directory")
    ) { try WaveFile(path: "/nonexistent.wav") }
  }
}

@Suite struct ReplayTests {
  private func replay(
    _ bytes: [UInt8], pace: WaveReplay.Pace, capacity: Int = 1 << 16
  ) -> (messages: [CaptureMessage], elapsed: Int64, problem: OpenProblem?) {
    let file = TemporaryFile(bytes)
    let surroundings = ScriptedSurroundings()
    let start = surroundings.time
    let feed = StreamFeed(sampleCapacity: capacity)
    let health = CaptureHealth(deviceName: "replay")
    let loop = CaptureLoop(
      device: WaveReplay(
        path: file.path, pace: pace, request: CaptureRequest(), surroundings: surroundings),
      taps: [.init(channel: 0, feed: feed)], surroundings: surroundings, health: health)
    loop.run()
    return (drain(feed), surroundings.time - start, health.lastProblem)
  }

  private let second = (0..<16_000).flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8 & 0x7F)] }

  @Test func atThePaceOfTheRecordingItTakesAsLong() {
    let (messages, elapsed, _) = replay(wave(data: second), pace: .recorded)
    #expect(messages.sampleCount == 16_000)
    #expect((1_000_000_000...1_060_000_000).contains(elapsed))
    #expect(messages.suffix(2) == [.ended, .state(.absent, .ended)])
  }

  @Test func withoutAPaceItTakesNoTime() {
    let (messages, elapsed, _) = replay(wave(data: second), pace: .unbounded)
    #expect(messages.sampleCount == 16_000)
    #expect(elapsed == 0)
  }

  @Test func aRateThatItDoesNotHaveIsRefused() throws {
    let file = TemporaryFile(wave(data: second))
    for rate in [nil, 16_000] { try WaveReplay.check(file.path, CaptureRequest(rate: rate)) }
    #expect(
      throws: OpenProblem.unusable(
        name: file.path, reason: "it has 16000 Hz, 48000 was asked for; leave `rate` out")
    ) { try WaveReplay.check(file.path, CaptureRequest(rate: 48_000)) }
  }

  @Test func rawSamplesMayBeCutAnywhere() throws {
    var ends: [Int32] = [0, 0]
    #expect(pipe(&ends) == 0)
    let input = RawInput(descriptor: ends[0], remainder: RawInput.Remainder())
    var samples = [Int16](repeating: 0, count: 320)
    func send(_ bytes: [UInt8]) { _ = write(ends[1], bytes, bytes.count) }
    send([1])
    #expect(input.read(into: &samples, frames: 320) == -Int(EAGAIN))
    send([0, 2, 0, 3])
    #expect(input.read(into: &samples, frames: 320) == 2)
    #expect(samples.prefix(2) == [1, 2])
    send([0])
    #expect(input.read(into: &samples, frames: 320) == 1)
    #expect(samples[0] == 3)
    close(ends[1])
    #expect(input.wait(milliseconds: 100) == 1)
    #expect(input.read(into: &samples, frames: 320) == -Int(ENODATA))
    close(ends[0])
  }

  @Test func halfASampleIsNotLostFromOneThreadToTheNext() throws {
    var ends: [Int32] = [0, 0]
    #expect(pipe(&ends) == 0)
    let remainder = RawInput.Remainder()
    var samples = [Int16](repeating: 0, count: 320)
    func send(_ bytes: [UInt8]) { _ = write(ends[1], bytes, bytes.count) }
    send([8, 0, 1, 0, 2])
    let first = RawInput(descriptor: ends[0], remainder: remainder)
    #expect(first.read(into: &samples, frames: 320) == 2)
    send([0, 3, 0])
    let second = RawInput(descriptor: ends[0], remainder: remainder)
    _ = try second.open()
    #expect(second.read(into: &samples, frames: 320) == 2)
    #expect(samples.prefix(2) == [2, 3])
    close(ends[0])
    close(ends[1])
  }

  @Test(arguments: [false, true])
  func whatCameThroughAPipeDuringAPauseIsDiscardedOnce(isSocket: Bool) throws {
    var ends: [Int32] = [0, 0]
    #expect(
      (isSocket ? socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) : pipe(&ends)) == 0)
    func send(_ bytes: [UInt8]) { _ = write(ends[1], bytes, bytes.count) }
    // An odd number of bytes: the sample that ends after the pause began before it was over.
    send([UInt8](repeating: 7, count: 50_001))
    let input = RawInput(
      descriptor: ends[0], remainder: RawInput.Remainder(), afterPause: true)
    _ = try input.open()
    #expect(input.wait(milliseconds: 0) == 0)
    send([0, 5, 0])
    _ = try input.open()
    var samples = [Int16](repeating: 0, count: 320)
    #expect(input.read(into: &samples, frames: 320) == 2)
    #expect(samples.prefix(2) == [7, 5])
    close(ends[1])
    let ended = RawInput(descriptor: ends[0], remainder: RawInput.Remainder(), afterPause: true)
    _ = try ended.open()
    #expect(ended.read(into: &samples, frames: 320) == -Int(ENODATA))
    close(ends[0])
  }

  @Test func aFileOnStandardInputIsHeardFromWhereItWasPaused() throws {
    let file = TemporaryFile(second)
    let descriptor = open(file.path, O_RDONLY)
    let input = RawInput(
      descriptor: descriptor, remainder: RawInput.Remainder(), afterPause: true)
    _ = try input.open()
    var samples = [Int16](repeating: 0, count: 320)
    #expect(input.read(into: &samples, frames: 320) == 320)
    #expect(samples.prefix(3) == [0, 1, 2])
    close(descriptor)
  }

  @Test(arguments: [("RIFF", "a WAV file"), ("fLaC", "a FLAC file"), ("OggS", "an Ogg file")])
  func aFileThatIsNoneOfRawSamplesIsRefusedHoweverItIsCut(word: String, name: String) throws {
    for cut in 0...4 {
      var ends: [Int32] = [0, 0]
      #expect(pipe(&ends) == 0)
      let remainder = RawInput.Remainder()
      let input = RawInput(descriptor: ends[0], remainder: remainder)
      var samples = [Int16](repeating: 0, count: 320)
      let bytes = Array(word.utf8) + [UInt8](repeating: 7, count: 40)
      _ = write(ends[1], bytes, cut)
      if 1...3 ~= cut { #expect(input.read(into: &samples, frames: 320) == -Int(EAGAIN)) }
      _ = write(ends[1], Array(bytes[cut...]), bytes.count - cut)
      #expect(input.read(into: &samples, frames: 320) == -Int(EMEDIUMTYPE))
      #expect(input.read(into: &samples, frames: 320) == -Int(EMEDIUMTYPE))
      // Whoever reads on, after a reload or a pause, finds the rest of it.
      for afterPause in [false, true] {
        let next = RawInput(
          descriptor: ends[0], remainder: remainder, afterPause: afterPause)
        let problem = #expect(throws: OpenProblem.self) { try next.open() }
        #expect(problem?.description.hasPrefix("stdin: is \(name), and") == true)
      }
      close(ends[0])
      close(ends[1])
    }
  }

  @Test func aFileThatCameThroughAPipeDuringAPauseIsRefused() throws {
    var ends: [Int32] = [0, 0]
    #expect(pipe(&ends) == 0)
    let file = wave(data: [UInt8](repeating: 7, count: 100))
    _ = write(ends[1], file, file.count)
    let input = RawInput(
      descriptor: ends[0], remainder: RawInput.Remainder(), afterPause: true)
    #expect(throws: OpenProblem.self) { try input.open() }
    close(ends[0])
    close(ends[1])
  }

  @Test func ofAFileInThePlaceOfRawSamplesNothingIsHeardAndItIsNotLost() {
    let file = TemporaryFile(wave(data: second))
    let descriptor = open(file.path, O_RDONLY)
    let surroundings = ScriptedSurroundings()
    surroundings.stopsAfterWaits = 3
    let feed = StreamFeed(sampleCapacity: 1 << 16)
    let health = CaptureHealth(deviceName: "stdin")
    CaptureLoop(
      device: RawInput(descriptor: descriptor, remainder: RawInput.Remainder()),
      taps: [.init(channel: 0, feed: feed)], surroundings: surroundings, health: health
    ).run()
    let messages = drain(feed)
    #expect(messages.sampleCount == 0)
    #expect(messages.states == [.opening, .absent])
    close(descriptor)
  }
}
