import Evaluation
import Foundation

/// The calibration recordings of a conversion, in sittings of one talker each.
struct CalibrationClips {
  /// One recording.
  struct Clip {
    let path: String
    /// Its line in a manifest, to begin a sentence with; empty in a folder.
    let place: String
    /// Where it comes among all, in the order of the manifest or of the names.
    let number: Int
  }

  /// Recordings, by sitting.
  let sittings: [[Clip]]
  /// Whether all of them must be audio: the files of a manifest must, those of a folder need not.
  let areNamed: Bool

  /// There are no recordings.
  struct Empty: Error, CustomStringConvertible {
    let path: String

    var description: String {
      "\(path) holds no files: give a folder of recordings or a manifest that names some."
    }
  }

  /// The recordings of a folder and its subfolders, each a sitting of its own, or those of a
  /// manifest by session; at most `limit` of them, spread evenly.
  init(_ path: String, limit: Int) throws {
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue {
      areNamed = false
      sittings = CalibrationClips.thinned(
        CalibrationClips.files(in: path).enumerated().map {
          [Clip(path: $1, place: "", number: $0)]
        }, limit: limit)
    } else {
      let manifest = try Manifest.namingWrongLines { try Manifest(path: path) }
      areNamed = true
      sittings = CalibrationClips.thinned(
        manifest.sittings.map { sitting in
          sitting.map {
            Clip(
              path: manifest.entries[$0].path, place: "\(manifest.place(of: $0)): ", number: $0)
          }
        }, limit: limit)
    }
    guard !sittings.isEmpty else { throw Empty(path: path) }
  }

  /// Number of recordings.
  var count: Int { sittings.reduce(0) { $0 + $1.count } }

  /// Whether a path leads to a regular file, and not to a named pipe, which would block, a socket
  /// or a device.
  static func isFile(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  }

  /// Sorted by name, so that the same folder gives the same model on every machine.
  private static func files(in folder: String) -> [String] {
    let names = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
    return names.sorted().map { "\(folder)/\($0)" }.filter { path in
      var isFolder: ObjCBool = false
      // Special files and names that are not UTF-8 are left out later, with a message.
      return !FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
        || !isFolder.boolValue
    }
  }

  /// Evenly spaced sittings or, with fewer sittings than the limit, the beginning of each.
  private static func thinned(_ sittings: [[Clip]], limit: Int) -> [[Clip]] {
    let count = min(sittings.count, limit)
    let chosen = (0..<count).map { sittings[$0 * sittings.count / count] }
    return chosen.enumerated().map { index, sitting in
      Array(sitting.prefix((index + 1) * limit / count - index * limit / count))
    }
  }
}
