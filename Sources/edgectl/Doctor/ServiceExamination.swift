import EventStream
import Glibc

/// Checks the service's unit, its configuration and the groups of users.
struct ServiceExamination {
  /// Whether it is the service that is asked about, and not a daemon that somebody started by hand.
  let isService: Bool
  /// The configuration to check; nil for the service's own.
  let configuration: String?

  func findings() -> [Finding] {
    let words = "a socket was named that is not the service's"
    guard isService else {
      let checked =
        configuration == nil ? [Finding("configuration", .skipped, words)] : checkConfiguration()
      return [Finding("unit", .skipped, words)] + checked + [Finding("groups", .skipped, words)]
    }
    return [unit()] + checkConfiguration() + groups()
  }

  private func unit() -> Finding {
    guard access("/run/systemd/system", F_OK) == 0 else {
      return Finding("unit", .skipped, "systemd does not run here; edged must be started by hand")
    }
    let names = ["LoadState", "ActiveState", "SubState", "Result", "NRestarts", "UnitFileState"]
    guard
      let shown = Subprocess([
        "systemctl", "show", "edged.service", "-p", names.joined(separator: ","),
      ]),
      shown.status == 0
    else { return Finding("unit", .bad, "systemctl does not answer; try “systemctl status edged”") }
    var values: [String: String] = [:]
    for line in shown.lines {
      guard let equals = line.firstIndex(of: "=") else { continue }
      values[String(line[..<equals])] = String(line[line.index(after: equals)...])
    }
    func value(_ name: String) -> String { values[name] ?? "?" }
    guard value("LoadState") == "loaded" else {
      return Finding("unit", .bad, "edged.service is \(value("LoadState")); “apt install edged”")
    }
    guard value("ActiveState") == "active" else {
      return Finding(
        "unit", .bad,
        "edged.service is \(value("ActiveState")) (\(value("SubState")), \(value("Result"))); “systemctl start edged”,"
          + " and “journalctl -u edged -e” says why it ended")
    }
    guard value("UnitFileState") == "enabled" else {
      return Finding(
        "unit", .note,
        "edged.service is active and does not start when the machine does; “systemctl enable edged”"
      )
    }
    guard value("NRestarts") == "0" else {
      return Finding(
        "unit", .note,
        "edged.service is active, restarted \(value("NRestarts")) times; “journalctl -u edged -p warning” says why"
      )
    }
    return Finding("unit", .ok, "edged.service is active and enabled")
  }

  /// Everything that edged says of the configuration.
  private func checkConfiguration() -> [Finding] {
    let check = "configuration"
    let words = ["edged", "--check-config"] + (configuration.map { ["--config", $0] } ?? [])
    guard let outcome = Subprocess(words) else {
      return [Finding(check, .bad, "there is no program edged in PATH; “apt install edged”")]
    }
    guard !outcome.lines.isEmpty else {
      return [
        Finding(check, .bad, "“edged --check-config” says nothing; “apt install edged” again")
      ]
    }
    return outcome.lines.map { line in
      if let error = line.after(prefix: "edged: error: ") { return Finding(check, .bad, error) }
      if let doubt = line.after(prefix: "edged: warning: ") { return Finding(check, .note, doubt) }
      return Finding(check, outcome.status == 0 ? .ok : .bad, line)
    }
  }

  private func groups() -> [Finding] {
    [mayHear(), mayUse(.events), mayUse(.control)]
  }

  /// Whether the service's own user may use sound cards.
  private func mayHear() -> Finding {
    let (user, group) = ("_edged", "audio")
    guard let groups = Accounts.groups(of: user) else {
      return Finding(
        "groups", .bad, "there is no user \(user); “systemd-sysusers”, or “apt install edged” again"
      )
    }
    guard let audio = Accounts.identifier(ofGroup: group), groups.contains(audio) else {
      return Finding(
        "groups", .bad,
        "the user \(user) is not in the group \(group), which sound cards belong to; “adduser \(user) \(group)”"
      )
    }
    return Finding("groups", .ok, "the user \(user) is in the group \(group)")
  }

  /// Whether the user who runs this may use a socket.
  private func mayUse(_ kind: SocketKind) -> Finding {
    guard let wanted = Accounts.identifier(ofGroup: kind.group) else {
      return Finding("groups", .bad, "there is no group \(kind.group); “systemd-sysusers”")
    }
    if geteuid() == 0 { return Finding("groups", .ok, "root may use \(kind.servicePath)") }
    guard Accounts.ownGroups().contains(wanted) else {
      return Finding(
        "groups", .note,
        "you are not in the group \(kind.group) and may not use \(kind.servicePath);"
          + " “adduser $USER \(kind.group)” and log in again")
    }
    return Finding("groups", .ok, "you are in the group \(kind.group)")
  }
}

/// The system's users and groups.
private enum Accounts {
  static func identifier(ofGroup name: String) -> gid_t? { getgrnam(name)?.pointee.gr_gid }

  /// The groups of the user called `name`; nil when there is none.
  static func groups(of name: String) -> [gid_t]? {
    guard let user = getpwnam(name) else { return nil }
    var groups = [gid_t](repeating: 0, count: 256)
    var count = Int32(groups.count)
    getgrouplist(name, user.pointee.pw_gid, &groups, &count)
    return Array(groups.prefix(Int(count)))
  }

  /// The groups of this process.
  static func ownGroups() -> [gid_t] {
    var groups = [gid_t](repeating: 0, count: 1024)
    let count = getgroups(Int32(groups.count), &groups)
    return groups.prefix(Int(max(0, count))) + [getegid()]
  }
}

extension String {
  /// What follows `prefix`; nil where the text does not begin with it.
  fileprivate func after(prefix: String) -> String? {
    hasPrefix(prefix) ? String(dropFirst(prefix.count)) : nil
  }
}
