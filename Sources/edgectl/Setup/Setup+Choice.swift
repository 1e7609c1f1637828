import ArgumentParser
import Capture
import Console
import Glibc
import JSON
import SoundDevices

/// Which stream and which microphone are meant.
extension Setup {
  /// The stream that was named, or the only one.
  func chooseStream(_ status: JSONObject) throws -> String {
    let names = status.streams.compactMap { $0["name"]?.string }
    if let sentence = status.leavingOut, !names.contains(where: { $0 == stream }) {
      throw SetupProblem(sentence)
    }
    if let stream {
      // A misspelled one would be created, with the role of a caller whoever speaks there.
      guard names.contains(stream) else {
        throw ValidationError(
          "edged has no stream “\(stream)”; it has \(names.joined(separator: ", ")). A new one begins in the configuration, with its role."
        )
      }
      return stream
    }
    guard names.count == 1, let only = names.first else {
      throw ValidationError(
        "there are several streams (\(names.joined(separator: ", "))); name one with --stream.")
    }
    return only
  }

  /// The microphone that was named, or the one that the user chooses from those that are there.
  func chooseMicrophone() throws -> DeviceName {
    if let device {
      let name = try Self.checked(device)
      try SoundCards().look(for: name)
      return name
    }
    let found = SoundCards().captureDevices()
    guard !found.isEmpty else { throw NoMicrophone() }
    let names = found.map { Self.lastingName(of: $0, among: found) }
    if yes {
      guard let only = names.first, names.count == 1 else {
        throw ValidationError(
          "there are several microphones (\(names.map(\.text).joined(separator: ", "))); name one with --device."
        )
      }
      return only
    }
    guard isatty(STDIN_FILENO) == 1 else {
      throw ValidationError(
        "standard input is no terminal; give --device NAME, or --yes to take the only microphone.")
    }
    return try ask(names)
  }

  private static func checked(_ text: String) throws -> DeviceName {
    do throws(DeviceName.Problem) {
      return try DeviceName(text)
    } catch {
      throw ValidationError(error.description)
    }
  }

  /// The name by which a card is found again: its own where no other card is like it, else the
  /// socket that it is plugged in.
  private static func lastingName(
    of device: CaptureDevice, among all: [CaptureDevice]
  ) -> DeviceName {
    // Of two identical cards the second is called Device_1, and which is second depends on the
    // order in which they were found.
    let stem = device.id.prefix { $0 != "_" }
    let isAlone = !all.contains { $0.card != device.card && $0.id.prefix { $0 != "_" } == stem }
    guard !isAlone, device.device == 0, let path = device.paths.first else {
      return .card(id: device.id, device: device.device)
    }
    return .byPath(path)
  }

  private func ask(_ names: [DeviceName]) throws -> DeviceName {
    for (number, name) in names.enumerated() {
      try StandardOutput.line("  \(number + 1)  \(name.text)")
    }
    while true {
      try StandardOutput.text("Which microphone? [1] ")
      guard let line = readLine() else { throw ExitCode.failure }
      let text = line.filter { $0 != " " }
      if text.isEmpty { return names[0] }
      if let number = Int(text), (1...names.count).contains(number) { return names[number - 1] }
      try StandardOutput.line("A number from 1 to \(names.count), please; Ctrl-C ends.")
    }
  }
}
