import Glibc
import SoundDevices
import TestSupport
import Testing

@testable import Capture

/// Raw samples on standard input.
@Suite struct RawInputTests {
  private let second = (0..<16_000).flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8 & 0x7F)] }

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
