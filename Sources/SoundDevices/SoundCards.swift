import Glibc

/// The sound cards of this machine, from /sys/class/sound and the links that udev makes in
/// /dev/snd.
///
/// (/proc/asound says the same, but is hidden from a service with `ProcSubset=pid`.)
public struct SoundCards: Sendable {
  private let root: String

  /// The cards below `root`: "" for this machine, a folder for a made-up one.
  public init(root: String = "") { self.root = root }

  /// Every device that can capture, by card and device number.
  public func captureDevices() -> [CaptureDevice] {
    let links = (paths: cardLinks(in: "by-path"), serials: cardLinks(in: "by-id"))
    return names(in: "\(root)/sys/class/sound").compactMap { name in
      guard let (card, device) = Self.captureNode(name) else { return nil }
      return CaptureDevice(
        card: card, device: device, id: id(of: card),
        paths: links.paths.filter { $0.card == card }.map(\.name),
        serials: links.serials.filter { $0.card == card }.map(\.name))
    }
    .sorted { ($0.card, $0.device) < ($1.card, $1.device) }
  }

  /// Throws when the card called `name` is not there now. Names that only ALSA knows are not
  /// checked.
  public func look(for name: DeviceName) throws(OpenProblem) {
    switch name {
    case .auto, .card, .byPath, .byID: _ = try pcmName(of: name)
    case .pcm, .wave, .fastWave, .standardInput: break
    }
  }

  /// What to give to `snd_pcm_open` for `name`, looked up now.
  public func pcmName(of name: DeviceName) throws(OpenProblem) -> String {
    let number: (card: Int, device: Int)
    switch name {
    case .auto: number = try onlyDevice()
    case .card(let id, let device): number = try find(name) { $0.id == id && $0.device == device }
    case .byPath(let link): number = try find(name) { $0.paths.contains(link) }
    case .byID(let link): number = try find(name) { $0.serials.contains(link) }
    case .pcm(let pcm): return pcm
    case .wave, .fastWave, .standardInput: throw .notThere(name: name.text)
    }
    return "hw:\(number.card),\(number.device)"
  }

  /// The first capture device of the only card that has one.
  private func onlyDevice() throws(OpenProblem) -> (card: Int, device: Int) {
    let devices = captureDevices()
    guard let first = devices.first else { throw .noCard }
    guard devices.allSatisfy({ $0.card == first.card }) else {
      throw .severalCards(devices.map(\.name))
    }
    return (first.card, first.device)
  }

  private func find(
    _ name: DeviceName, where matches: (CaptureDevice) -> Bool
  ) throws(OpenProblem) -> (card: Int, device: Int) {
    guard let found = captureDevices().first(where: matches) else {
      throw .notThere(name: name.text)
    }
    return (found.card, found.device)
  }
}

extension SoundCards {
  /// Card and device of a name like `pcmC1D0c`; nil for anything that is not a capture device.
  private static func captureNode(_ name: String) -> (card: Int, device: Int)? {
    guard name.hasPrefix("pcmC"), name.hasSuffix("c"), let d = name.lastIndex(of: "D"),
      let card = Int(name[name.index(name.startIndex, offsetBy: 4)..<d]),
      let device = Int(name[name.index(after: d)...].dropLast())
    else { return nil }
    return (card, device)
  }

  private func id(of card: Int) -> String {
    var text = [UInt8](repeating: 0, count: 64)
    let file = open("\(root)/sys/class/sound/card\(card)/id", O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return String(card) }
    defer { close(file) }
    let count = read(file, &text, text.count)
    return String(decoding: text.prefix(max(0, count)).prefix { $0 > 0x20 }, as: UTF8.self)
  }

  /// The links of one of udev's folders, each with the card that it leads to.
  private func cardLinks(in folder: String) -> [(name: String, card: Int)] {
    let path = "\(root)/dev/snd/\(folder)"
    return names(in: path).compactMap { name in
      var target = [UInt8](repeating: 0, count: 256)
      let count = target.withUnsafeMutableBytes {
        readlink("\(path)/\(name)", $0.baseAddress!.assumingMemoryBound(to: CChar.self), $0.count)
      }
      let text = String(decoding: target.prefix(max(0, count)), as: UTF8.self)
      guard let last = text.split(separator: "/").last, last.hasPrefix("controlC"),
        let card = Int(last.dropFirst("controlC".count))
      else { return nil }
      return (name, card)
    }
  }

  /// What is in a folder, sorted; empty when it is not there.
  private func names(in folder: String) -> [String] {
    guard let directory = opendir(folder) else { return [] }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if !name.hasPrefix(".") { names.append(name) }
    }
    return names.sorted()
  }
}
