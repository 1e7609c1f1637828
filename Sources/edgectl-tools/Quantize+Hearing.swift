import ArgumentParser
import Console
import Evaluation
import ModelFile
import Quantization

extension Quantize {
  /// The contexts of all `clips`. If some cannot be read, names each, so that all can be corrected
  /// at once, and throws the exit code of failure.
  func hear(
    _ clips: CalibrationClips, _ float: FloatModel, _ detector: LoadedDetector?
  ) throws -> CalibrationContexts {
    let isDetector = float.detector != nil
    let frames = isDetector ? try FrameCollector(float) : nil
    let collector = isDetector ? nil : try ContextCollector(float, detector: detector)
    var foreign: [String] = []
    var unreadable: [(number: Int, sentence: String)] = []
    let progress = ProgressLine(total: clips.count, what: "recordings")
    defer { progress.finish() }
    for sitting in clips.sittings {
      collector?.restart()
      for clip in sitting {
        defer { progress.advance() }
        do {
          guard let samples = try samples(clip, mustBeAudio: clips.areNamed) else {
            foreign.append(clip.path)
            continue
          }
          // Nothing will come of what is heard after one that cannot be read.
          guard unreadable.isEmpty else { continue }
          collector?.hear(samples)
          frames?.hear(samples)
        } catch {
          unreadable.append((clip.number, "\(clip.place)\(error)"))
        }
      }
    }
    progress.finish()
    if !foreign.isEmpty { StandardError.note(Quantize.leftOut(foreign)) }
    // Sittings need not lie together in a list.
    for (_, sentence) in unreadable.sorted(by: { $0.number < $1.number }) {
      StandardError.note(sentence)
    }
    guard unreadable.isEmpty else { throw ExitCode.failure }
    return (collector?.collected ?? frames?.collected)!
  }

  /// The samples of a recording; nil if it is no audio and need not be, as other files in a folder.
  private func samples(
    _ clip: CalibrationClips.Clip, mustBeAudio: Bool
  ) throws -> [Int16]? {
    if mustBeAudio { return try recording.samples(clip.path) }
    guard CalibrationClips.isFile(clip.path) else { return nil }
    do {
      return try recording.samples(clip.path)
    } catch let problem as AudioFile.Problem where problem.isForeign {
      return nil
    }
  }

  /// The message about files without sound.
  private static func leftOut(_ paths: [String]) -> String {
    let names = paths.prefix(5).joined(separator: ", ")
    let more = paths.count > 5 ? " and \(paths.count - 5) more" : ""
    return paths.count == 1
      ? "1 file is no audio and was left out: \(names)."
      : "\(paths.count) files are no audio and were left out: \(names)\(more)."
  }
}
