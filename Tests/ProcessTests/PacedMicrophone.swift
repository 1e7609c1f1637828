import Foundation
import TestSupport
import Testing

/// A microphone without hardware: the ALSA plugin of tools/paced-pcm, playing a recording in real
/// time as `pcm:mic`.
struct PacedMicrophone {
  let folder = TemporaryFolder()
  /// What the daemon needs to find it.
  var environment: [String: String] { ["ALSA_CONFIG_PATH": folder.path("asound.conf")] }

  private static let make = Repository.root.appending(path: "tools/paced-pcm/make").path

  /// The plugin as it was built for all microphones, beside the programs.
  private static let plugin = Result {
    let clip = TemporaryFolder()
    let folder = Program.folder.appending(path: "paced-pcm").path
    let silence = ["-n", "-r", "16000", "-b", "16", clip.path("silence.wav"), "trim", "0", "0.1"]
    try Program.sox(silence)
    let made = try Program.run(URL(fileURLWithPath: make), [folder, clip.path("silence.wav")])
    try #require(made.status == 0, "\(made.error)")
    return "\(folder)/paced.so"
  }

  /// Plays `clip`; `faults` are fields of the plugin and their values, such as `["xrun_at",
  /// "32000"]`, and `mixer` those of its mixer.
  init(playing clip: String, _ faults: [String] = [], mixer: [String] = []) throws {
    try FileManager.default.copyItem(atPath: Self.plugin.get(), toPath: folder.path("paced.so"))
    let made = try Program.run(
      Program.onPath("env"),
      ["MIXER=\(mixer.joined(separator: " "))", Self.make, folder.path, clip] + faults)
    try #require(made.status == 0, "\(made.error)")
  }
}
