import Evaluation
import Foundation

/// The recordings that a conversion is calibrated on, in sittings of one talker each.
struct CalibrationClips {
  /// Paths, by sitting.
  let sittings: [[String]]
  /// Whether all of them must be audio: those of a manifest, not all files of a folder.
  let areNamed: Bool

  /// Nothing to hear was found.
  struct Empty: Error, CustomStringConvertible {
    let path: String

    var description: String {
      "\(path) holds no files: give a folder of recordings or a manifest that names some."
    }
  }

  /// The recordings of a folder and the folders in it, each a sitting of its own, or those of a
  /// manifest by session; `limit` of them at most, spread evenly.
  init(_ path: String, limit: Int) throws {
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue {
      areNamed = false
      sittings = CalibrationClips.thinned(
        CalibrationClips.files(in: path).map { [$0] }, limit: limit)
    } else {
      let manifest = try Manifest.namingWrongLines { try Manifest(path: path) }
      areNamed = true
      sittings = CalibrationClips.thinned(
        manifest.sittings.map { $0.map { manifest.entries[$0].path } }, limit: limit)
    }
    guard !sittings.isEmpty else { throw Empty(path: path) }
  }

  /// How many recordings there are.
  var count: Int { sittings.reduce(0) { $0 + $1.count } }

  /// Whether a path leads to a file, and not to a named pipe, whose other end would be waited for, a
  /// socket or a device.
  static func isFile(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  }

  /// In the order of their names, so that the same folder gives the same model on every machine.
  private static func files(in folder: String) -> [String] {
    let names = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
    return names.sorted().map { "\(folder)/\($0)" }.filter { path in
      var isFolder: ObjCBool = false
      // What is no file at all, or has a name that is no UTF-8, is left out later, and named.
      return !FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
        || !isFolder.boolValue
    }
  }

  /// Every so-manieth sitting; or, with fewer sittings than the limit, the beginning of each.
  private static func thinned(_ sittings: [[String]], limit: Int) -> [[String]] {
    let count = min(sittings.count, limit)
    let chosen = (0..<count).map { sittings[$0 * sittings.count / count] }
    return chosen.enumerated().map { index, sitting in
      Array(sitting.prefix((index + 1) * limit / count - index * limit / count))
    }
  }
}
