import Glibc

/// A made-up machine: /sys/class/sound and /dev/snd below a temporary folder.
public final class Machine {
  private let folder = TemporaryFolder()
  /// The folder that stands for `/`.
  public var root: String { folder.path }

  /// A machine without sound cards.
  public init() {}

  /// Plugs a card in; `path` and `serial` are the links that udev makes to it.
  public func add(
    card: Int, id: String, devices: [String], path: String? = nil, serial: String? = nil
  ) {
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
  public func remove(card: Int) {
    run("rm -rf '\(root)/sys/class/sound/card\(card)' '\(root)/sys/class/sound/pcmC\(card)'D*")
  }

  private func run(_ command: String) { _ = system(command) }
}
