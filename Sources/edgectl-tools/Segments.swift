import Acoustics
import ArgumentParser
import Console
import Evaluation
import JSON
import Recognition

/// `edgectl segments`: lists the segments that the speech detector opens.
struct Segments: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print the speech segments that the detector finds in recordings.",
    discussion: """
      Prints one JSON line per segment: file; start_ms and end_ms with preroll and hangover, as the network hears it; \
      speech_start_ms and speech_end_ms of the speech itself.

      The mel bands change a little what is cut: for the segments of a device, give its model as --detector.
      """)

  @OptionGroup var frontEnd: FrontEndOption

  @OptionGroup var detector: CuttingOption

  @OptionGroup var recording: RecordingOptions

  @Argument(
    help: ArgumentHelp("Recordings; - is standard input.", valueName: "file"), completion: .file())
  var files: [String]

  func run() throws {
    let cutting = try detector.cutting(frontEnd)
    let device = try StandaloneFrontEnd(cutting.frontEnd)
    let recorder = cutting.recorder(device)
    try recording.forEach(files) { file, heard in
      let segments = recorder.segments(heard.samples)
      for segment in segments {
        try StandardOutput.line(
          line(segment, file: file, frontEnd: device.tables.definition))
      }
      if segments.isEmpty { RecordingNotes.noSpeech(file, heard) }
    }
  }

  private func line(_ segment: SpeechSegment, file: String, frontEnd: FrontEndDefinition)
    -> JSONValue
  {
    [
      "file": .string(file),
      "start_ms": .integer(frontEnd.milliseconds(ofFrame: segment.start)),
      "end_ms": .integer(frontEnd.milliseconds(ofFrame: segment.end)),
      "speech_start_ms": .integer(frontEnd.milliseconds(ofFrame: segment.speechStart)),
      "speech_end_ms": .integer(frontEnd.milliseconds(ofFrame: segment.speechEnd)),
    ]
  }
}
