extension CaptureControl {
  /// What libasound and `amixer -D` call the mixer that belongs to a PCM, as far as its name says it.
  ///
  /// A control is no PCM: of `dsnoop:Device,0` and `plughw:CARD=Device` there is none, only of the card,
  /// `hw:Device`. A name of somebody's own configuration may have a control beside it.
  static func mixerName(of pcm: String) -> String {
    guard let colon = pcm.firstIndex(of: ":") else { return pcm }
    let rest = pcm[pcm.index(after: colon)...]
    switch pcm[..<colon] {
    case "plug":
      let slave = "SLAVE="
      return mixerName(of: unquoted(rest.hasPrefix(slave) ? rest.dropFirst(slave.count) : rest))
    case "hw", "plughw", "dsnoop", "sysdefault", "front", "usbstream": break
    default: return pcm
    }
    let arguments = rest.split(separator: ",")
    let named = arguments.first { $0.hasPrefix("CARD=") }?.dropFirst("CARD=".count)
    let card = named ?? arguments.first.flatMap { $0.contains("=" as Character) ? nil : $0 }
    return card.map { "hw:\($0)" } ?? "hw"
  }

  /// Without the quotes around it.
  private static func unquoted(_ text: Substring) -> String {
    guard let quote = text.first, quote == "'" || quote == "\"", text.count > 1, text.last == quote
    else { return String(text) }
    return String(text.dropFirst().dropLast())
  }
}
