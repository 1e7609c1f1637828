import Acoustics

extension FrontEndDefinition {
  /// What a network is given of every frame, as a phrase: groups in the order of the channels.
  var inputs: String {
    var groups = ["\(coefficients) cepstral coefficients"]
    if directBands > 0 { groups.append("\(directBands) mel bands") }
    let names: [(Extras, String)] = [
      (.voice, "level, voice features"), (.zeroCrossings, "zero crossings"),
      (.rootMeanSquare, "root mean square"), (.chroma, "pitch classes"),
      (.contrast, "spectral contrast"), (.tonnetz, "tonal space"),
    ]
    let direct = names.filter { extras.contains($0.0) }.map(\.1)
    if !direct.isEmpty {
      groups.append("\(directCount) values (\(direct.joined(separator: ", ")))")
    }
    if runningMeans > 0 { groups.append("\(runningMeans) coefficients less their running means") }
    if deltaCount > 0 { groups.append("\(deltaCount) slopes") }
    return "\(columns) a frame: \(groups.joined(separator: "; "))"
  }
}
