import Console
import Text

extension AudioFile {
  /// Warns if a WAV file is shorter than its header says, as after an interrupted copy: libsndfile
  /// silently reads what there is. Not for a file without a sample, of which nothing is heard.
  static func warnIfCutOff(_ descriptor: Int32, name: String) {
    // Recorders that write to a pipe state 0, or about 2³¹ or 2³².
    guard let data = WaveData(descriptor), data.bytesPerSecond > 0,
      data.rest < data.promised, data.promised < 0x7FFF_0000
    else { return }
    let rate = Double(data.bytesPerSecond)
    let (promised, present) = decimals(
      Double(data.promised) / rate, Double(data.rest) / rate, places: 2)
    StandardError.note(
      "\(name) is cut off: its header promises \(promised) s and it has \(present);"
        + " what there is is heard.")
  }
}
