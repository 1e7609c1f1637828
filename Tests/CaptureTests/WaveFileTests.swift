import Glibc
import SoundDevices
import TestSupport
import Testing

@testable import Capture

/// What is read of a WAV file, and what is refused.
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
    let folder = TemporaryFolder()
    let path = folder.path("pipe")
    try #require(mkfifo(path, 0o600) == 0)
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

  @Test(arguments: [[4, 0, 0, 0, 9, 9, 9, 9], [3, 0, 0, 0, 9, 9, 9, 0], [3, 0, 0, 0, 9, 9, 9]])
  func chunksBehindNoSamplesAreNoSamples(rest: [UInt8]) {
    let list = Array("LIST".utf8) + rest
    #expect(reason(wave(data: [], after: list)) == "has no samples; record or copy it again")
  }

  @Test func samplesBehindALengthOfZeroAreHeardWhateverTheFileSaysOfItself() throws {
    let samples = [UInt8](repeating: 1, count: 400)
    #expect(try open(wave(data: samples, length: 0)).frames == 200)
    #expect(try open(wave(data: [], after: samples)).frames == 200)
    let silence = [UInt8](repeating: 0, count: 400)
    #expect(try open(wave(data: silence, length: 0)).frames == 200)
  }

  @Test func whoMayNotReadARecordingIsTold() {
    #expect(
      WaveProblem.notOpened(code: EACCES).description
        == "cannot be opened: Permission denied; make it readable for the user who opens it")
  }

  @Test func aLengthBeyondTheFileEndsWithTheFile() throws {
    #expect(try open(wave(data: [1, 0, 2, 0, 3], length: 4000)).frames == 2)
  }

  @Test func refusesWithOneSentence() {
    #expect(reason([])?.contains("is not a WAV file") == true)
    #expect(reason(Array("fLaC and more".utf8))?.contains("is not a WAV file") == true)
    #expect(reason(Array(wave(data: [1, 0]).prefix(30)))?.contains("stops before") == true)
    #expect(reason(wave(data: [])) == "has no samples; record or copy it again")
    #expect(reason(wave(bits: 8, data: [1]))?.contains("8-bit samples") == true)
    #expect(reason(wave(tag: 3, data: [1, 0]))?.contains("encoding 3") == true)
    #expect(reason(wave(rate: 4000, data: [1, 0]))?.contains("rate of 4000 Hz") == true)
    #expect(reason(wave(channels: 0, data: [1, 0]))?.contains("no channels") == true)
  }

  @Test func aMissingFileIsSaidToBeMissing() {
    #expect(
      throws: OpenProblem.badFile(
        path: "/nonexistent.wav",
        reason: "cannot be opened: No such file or directory; name a recording that exists")
    ) { try WaveFile(path: "/nonexistent.wav") }
  }
}
