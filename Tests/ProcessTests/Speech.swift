import Foundation
import TestSupport
import Testing

/// Speech that this machine makes, and what sox makes of it.
struct Speech {
  let folder = TemporaryFolder()

  /// A WAV file of somebody speaking after `silence` seconds and before one of silence, as sox is
  /// told to write it.
  func file(
    _ text: String = "I have been waiting for an hour, and nobody has told me anything.",
    format: [String] = ["-r", "16000", "-b", "16", "-c", "1"], after silence: Double = 0.5
  ) throws -> String {
    let name = UUID().uuidString
    let spoken = folder.path("\(name)-spoken.wav")
    let made = folder.path("\(name).wav")
    let espeak = try Program.run(Program.onPath("espeak-ng"), ["-w", spoken, text])
    #expect(espeak.status == 0, "\(espeak.error)")
    try Program.sox(["-R", spoken] + format + [made, "pad", "\(silence)", "1"])
    return made
  }

  /// A recording `count` times, without a gap.
  func repeated(_ clip: String, _ count: Int) throws -> String {
    let long = folder.path("\(UUID().uuidString).wav")
    try Program.sox(["-R"] + Array(repeating: clip, count: count) + [long])
    return long
  }

  /// A recording made so loud that its peaks are cut.
  func tooLoud(_ clip: String) throws -> String {
    let loud = folder.path("\(UUID().uuidString).wav")
    try Program.sox(["-R", clip, loud, "gain", "40"])
    return loud
  }

  /// The samples of a recording without its header.
  func raw(_ clip: String) throws -> String {
    let raw = folder.path("\(UUID().uuidString).s16")
    try Program.sox(["-R", clip, "-t", "raw", "-e", "signed", "-b", "16", raw])
    return raw
  }

  /// Ten seconds of a room in which nobody speaks.
  func quietRoom() throws -> String {
    let quiet = folder.path("quiet.wav")
    try Program.sox(
      ["-R", "-n", "-r", "16000", "-b", "16", quiet, "synth", "10", "whitenoise", "vol", "0.001"])
    return quiet
  }
}
