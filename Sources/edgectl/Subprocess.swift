import Glibc

/// Another program, run to its end: its exit status and what it wrote to either output.
struct Subprocess {
  /// 0 to 255; 128 plus its number for a signal, as in a shell.
  let status: Int32
  /// The lines it wrote.
  let lines: [String]

  /// Runs `words[0]`, which is looked for in PATH, with the rest; nil when it cannot be started or
  /// does not end in `seconds`.
  init?(_ words: [String], seconds: Double = 30) {
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else { return nil }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    defer { close(ends[0]) }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO)
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDERR_FILENO)
    let vector = words.map { strdup($0) } + [nil]
    defer { vector.forEach { free($0) } }
    var child: pid_t = 0
    let code = posix_spawnp(&child, words[0], &actions, nil, vector, environ)
    posix_spawn_file_actions_destroy(&actions)
    close(ends[1])
    guard code == 0 else { return nil }
    let text = Subprocess.read(ends[0], until: .now + .seconds(seconds))
    if text == nil { kill(child, SIGKILL) }
    var ended: Int32 = 0
    while waitpid(child, &ended, 0) < 0, errno == EINTR {}
    guard let text else { return nil }
    let signal = ended & 0x7f
    status = signal == 0 ? (ended >> 8) & 0xff : 128 + signal
    lines = text.split(separator: "\n").map(String.init)
  }

  /// All that comes from `descriptor`; nil when the deadline passes before its end.
  private static func read(_ descriptor: Int32, until deadline: ContinuousClock.Instant) -> String?
  {
    var bytes: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 4096)
    while true {
      let left = deadline - .now
      var state = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      guard left > .zero, poll(&state, 1, Int32(left / .milliseconds(1)) + 1) > 0 else {
        return nil
      }
      let count = Glibc.read(descriptor, &block, block.count)
      if count < 0, errno == EINTR { continue }
      if count <= 0 { return String(decoding: bytes, as: UTF8.self) }
      bytes += block[..<count]
    }
  }
}
