import Glibc

/// A made-up machine: /sys/class/sound and /dev/snd below a temporary folder.
final class Machine {
  let root: String

  init() {
    var template = Array("/tmp/edged-cards-XXXXXX".utf8CString)
    root = String(cString: mkdtemp(&template))
  }

  deinit { run("rm -r '\(root)'") }

  func add(card: Int, id: String, devices: [String], path: String? = nil, serial: String? = nil) {
    run("mkdir -p '\(root)/sys/class/sound/card\(card)'")
    run("echo '\(id)' > '\(root)/sys/class/sound/card\(card)/id'")
    for device in devices { run("mkdir -p '\(root)/sys/class/sound/pcmC\(card)D\(device)'") }
    for (folder, name) in [("by-path", path), ("by-id", serial)] {
      guard let name else { continue }
      run("mkdir -p '\(root)/dev/snd/\(folder)'")
      run("ln -sfn ../controlC\(card) '\(root)/dev/snd/\(folder)/\(name)'")
    }
  }

  /// Takes a card away.
  func remove(card: Int) {
    run("rm -rf '\(root)/sys/class/sound/card\(card)' '\(root)/sys/class/sound/pcmC\(card)'D*")
  }

  private func run(_ command: String) { _ = system(command) }
}
