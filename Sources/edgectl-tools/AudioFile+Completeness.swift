import Console
import Glibc
import Text

extension AudioFile {
  /// Warns if a WAV file is shorter than its header says, as after an interrupted copy: libsndfile
  /// silently reads what there is. Not for a file without a sample, of which nothing is heard.
  static func warnIfCutOff(_ descriptor: Int32, name: String) {
    guard let seconds = seconds(of: descriptor), seconds.present < seconds.promised else { return }
    let (promised, present) = decimals(seconds.promised, seconds.present, places: 2)
    StandardError.note(
      "\(name) is cut off: its header promises \(promised) s and it has \(present);"
        + " what there is is heard.")
  }

  /// The length of a WAV file according to its header, and its actual length; nil for other files,
  /// and if a recorder has left the length open.
  private static func seconds(of descriptor: Int32) -> (promised: Double, present: Double)? {
    let size = Int(lseek(descriptor, 0, SEEK_END))
    lseek(descriptor, 0, SEEK_SET)
    guard let head = bytes(descriptor, at: 0, count: 12), head.starts(with: "RIFF".utf8),
      head[8...].starts(with: "WAVE".utf8)
    else { return nil }
    var bytesPerSecond = 0
    var place = 12
    while let chunk = bytes(descriptor, at: place, count: 8) {
      let length = number(chunk[4...])
      place += 8
      if chunk.starts(with: "data".utf8) {
        // Recorders that write to a pipe state 0, or about 2³¹ or 2³².
        guard bytesPerSecond > 0, length > 0, length < 0x7FFF_0000 else { return nil }
        let rate = Double(bytesPerSecond)
        return (Double(length) / rate, Double(min(length, size - place)) / rate)
      }
      if chunk.starts(with: "fmt ".utf8), let rate = bytes(descriptor, at: place + 8, count: 4) {
        bytesPerSecond = number(rate[...])
      }
      place += length + length % 2
    }
    return nil
  }

  private static func bytes(_ descriptor: Int32, at place: Int, count: Int) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: count)
    return pread(descriptor, &bytes, count, off_t(place)) == count ? bytes : nil
  }

  private static func number(_ bytes: ArraySlice<UInt8>) -> Int {
    bytes.reversed().reduce(0) { $0 << 8 | Int($1) }
  }
}
