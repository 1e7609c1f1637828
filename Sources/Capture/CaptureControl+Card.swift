extension CaptureControl {
  /// The name by which libasound and `amixer -D` know a PCM's mixer, as far as the PCM's name
  /// tells.
  ///
  /// Mixers belong to cards, not to PCMs: `dsnoop:Device,0` and `plughw:CARD=Device` have none, the
  /// card `hw:Device` has. A PCM from a user's own configuration may have a mixer of the same name.
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
