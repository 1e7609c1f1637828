import Foundation
import ModelFile
import Testing

/// What tests use of the repository besides the built programs.
enum Repository {
  /// Its root folder.
  static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// The model that the daemon is tested with: the one that ships, or the one that EDGED_MODEL
  /// names.
  static let model =
    ProcessInfo.processInfo.environment["EDGED_MODEL"]
    ?? root.appending(path: "models/emotion.edge").path

  /// A model that computes the same and is another file: only its card says something else.
  static func modelWithAnotherCard(in folder: TemporaryFolder) throws -> String {
    let path = folder.path("another.edge")
    try rewrite(model, to: path) { kind, section in
      kind == .card ? Array(#"{"name":"another"}"#.utf8) : section
    }
    return path
  }

  /// Writes the model's file at `source` anew, each section as `change` makes it, and `more` sections
  /// behind them.
  static func rewrite(
    _ source: String, to path: String, adding more: [(kind: SectionKind, bytes: [UInt8])] = [],
    change: (SectionKind, [UInt8]) -> [UInt8]
  ) throws {
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: source)))
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 64)
    defer { memory.deallocate() }
    memory.copyBytes(from: bytes)
    let container = try ModelContainer(UnsafeRawBufferPointer(memory))
    var writer = ModelContainerWriter()
    for number in UInt32(1)...64 {
      guard let kind = SectionKind(rawValue: number), let section = container.section(kind) else {
        continue
      }
      writer.add(kind, bytes: change(kind, Array(section)))
    }
    for section in more { writer.add(section.kind, bytes: section.bytes) }
    try Data(writer.file()).write(to: URL(fileURLWithPath: path))
  }
}

/// A microphone without hardware: the ALSA plugin of tools/paced-pcm, playing a recording in real
/// time as `pcm:mic`.
struct PacedMicrophone {
  let folder: TemporaryFolder
  /// What the daemon needs to find it.
  var environment: [String: String] { ["ALSA_CONFIG_PATH": folder.path("asound.conf")] }

  private static let make = Repository.root.appending(path: "tools/paced-pcm/make").path

  /// The plugin as it was built for all microphones, beside the programs.
  private static let plugin = Result {
    let clip = try TemporaryFolder()
    let folder = Program.folder.appending(path: "paced-pcm").path
    let silence = ["-n", "-r", "16000", "-b", "16", clip.path("silence.wav"), "trim", "0", "0.1"]
    let sox = try Program.run(Program.onPath("sox"), silence)
    try #require(sox.status == 0, "\(sox.error)")
    let made = try Program.run(URL(fileURLWithPath: make), [folder, clip.path("silence.wav")])
    try #require(made.status == 0, "\(made.error)")
    return "\(folder)/paced.so"
  }

  /// Plays `clip`; `faults` are fields of the plugin and their values, such as `["xrun_at",
  /// "32000"]`, and `mixer` those of its mixer.
  init(playing clip: String, _ faults: [String] = [], mixer: [String] = []) throws {
    folder = try TemporaryFolder()
    try FileManager.default.copyItem(atPath: Self.plugin.get(), toPath: folder.path("paced.so"))
    let made = try Program.run(
      Program.onPath("env"),
      ["MIXER=\(mixer.joined(separator: " "))", Self.make, folder.url.path, clip] + faults)
    try #require(made.status == 0, "\(made.error)")
  }
}
