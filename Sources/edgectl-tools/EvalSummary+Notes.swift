import Console
import Evaluation

extension EvalSummary {
  /// Prints notes on recordings that may distort the figures.
  func note() {
    noteSilence()
    noteLoudness()
    noteAbsence()
  }

  private func noteSilence() {
    let silent = assessed.recordings.filter { $0.predicted == nil }
    guard let first = silent.first else { return }
    StandardError.note(
      "no speech was heard in \(silent.count) of \(assessed.recordings.count) recordings, which counts as wrong; the first is \(first.entry.path)."
    )
  }

  private func noteLoudness() {
    // Clipping caused by --gain was asked for.
    let loud = command.recording.gain > 0 ? [] : assessed.recordings.filter(\.isTooLoud)
    guard let first = loud.first else { return }
    StandardError.note(
      "too loud, with peaks cut at full scale: \(loud.count) of \(assessed.recordings.count) recordings, of which less is understood; record them with less gain. The first is \(first.entry.path)."
    )
  }

  private func noteAbsence() {
    guard !absentLabels.isEmpty else { return }
    let names = absentLabels.joined(separator: ", ")
    let recording = assessed.unreadable.isEmpty ? "recording" : "recording that can be read"
    StandardError.note("no \(recording) is labelled \(names); uar is over the other labels.")
  }
}
