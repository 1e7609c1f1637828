import Foundation
import JSON
import Service
import TestSupport
import Testing

/// The daemon where something gives way that it has no power over: a driver that hangs, memory that
/// may not be locked.
@Suite(.waiting) struct DaemonLimitTests {
  private let speech = Speech()
  /// Whoever may lock as much as he likes has to give that up.
  private static let humbly =
    geteuid() == 0 ? ["setpriv", "--bounding-set=-ipc_lock", "--inh-caps=-all"] : []

  @Test func aPauseIsRememberedAlsoWhenTheDeviceHangs() throws {
    let systemd = try NotifySocket()
    let microphone = try PacedMicrophone(playing: speech.file(), ["stall_at", "8000"])
    let daemon = try RunningDaemon(
      configuration: stream(hears: "pcm:mic"), hearing: microphone,
      environment: systemd.environment, isControlled: true)
    try daemon.client().read(until: "the device") { $0.isDevice("running") }
    usleep(1_500_000)
    try EventReader(daemon.controlSocket).send("{\"cmd\":\"pause\"}\n")
    #expect(systemd.hears("FDSTORE=1", within: 5))
    // It waits for the driver and can do nothing else: systemd would end it.
    daemon.send(SIGKILL)
    #expect(daemon.waitForEnd().status == SIGKILL)
  }

  @Test func memoryThatCannotBeLockedIsSaidAlsoOfStreamsThatAReloadAdds() throws {
    let words = "sound in memory could not be locked"
    let launcher = Self.humbly + ["prlimit", "--memlock=1500000"]
    let one = stream("one", hears: "NoSuchCard")
    let daemon = try RunningDaemon(configuration: one, under: launcher)
    let client = try daemon.client()
    #expect(!daemon.log.contains { $0.contains(words) }, "\(daemon.log)")
    let more = (1...5).map { stream("more\($0)", hears: "NoSuchCard") }.joined()
    try daemon.reload(one + more)
    try client.read(until: "the last stream") {
      $0["stream"]?.string == "more5" && $0.isDevice("absent")
    }
    #expect(daemon.log.count { $0.contains(words) } == 1, "\(daemon.log)")
    #expect(daemon.terminate().status == 0)
  }

  @Test func aStackThatCannotBeLockedIsSaid() throws {
    let words = "sound in memory could not be locked"
    let one = stream("one", hears: "NoSuchCard")
    let free = try RunningDaemon(configuration: one)
    try free.client().read(until: "all of it") { $0.isDevice("absent") }
    let status = try String(
      contentsOfFile: "/proc/\(free.processIdentifier)/status", encoding: .utf8)
    let kilobytes = try #require(status.firstMatch(of: /VmLck:\s*(\d+) kB/).flatMap { Int($0.1) })
    #expect(!free.log.contains { $0.contains(words) }, "\(free.log)")
    #expect(free.terminate().status == 0)
    // The last that is locked is the stack of the thread that infers: a page of it may not be.
    let daemon = try RunningDaemon(
      configuration: one,
      under: Self.humbly + ["prlimit", "--memlock=\((kilobytes - 4) * 1024)"])
    try daemon.client().read(until: "all of it") { $0.isDevice("absent") }
    #expect(daemon.terminate().status == 0)
    #expect(daemon.log.count { $0.contains(words) } == 1, "\(daemon.log)")
  }

  @Test func anotherFaultWithinTheSameMinuteIsLoggedAsWell() throws {
    let clip = try speech.file()
    let daemon = try RunningDaemon(configuration: stream(hears: "wav-fast:\(clip)"))
    let client = try daemon.client()
    try client.read(until: "the end") { $0["reason"]?.string == "ended" }
    try daemon.reload(stream(hears: "NoSuchCard"))
    try client.read(until: "the other fault") { $0["reason"]?.string == "not_there" }
    #expect(daemon.terminate().status == 0)
    #expect(daemon.log.contains { $0.contains("has come to its end") })
    #expect(daemon.log.contains { $0.contains("NoSuchCard is not there") }, "\(daemon.log)")
  }

  @Test func streamsThatThereIsNoMemoryForAreRefusedAtTheStartAndAtAReload() throws {
    let one = stream("one", hears: "NoSuchCard")
    let many = (1...16).map { stream("more\($0)", hears: "NoSuchCard") }.joined()
    let free = try RunningDaemon(configuration: one)
    let status = try String(
      contentsOfFile: "/proc/\(free.processIdentifier)/status", encoding: .utf8)
    let kilobytes = try #require(status.firstMatch(of: /VmData:\s*(\d+) kB/).flatMap { Int($0.1) })
    #expect(free.terminate().status == 0)
    let launcher = ["prlimit", "--data=\((kilobytes + 8192) * 1024)"]
    let words = "16 streams with the model"

    let refused = try RunningDaemon(configuration: many, under: launcher)
    #expect(refused.waitForEnd().status == 78)
    #expect(refused.log.count == 1)
    #expect(refused.log.first?.contains(words) == true, "\(refused.log)")

    let daemon = try RunningDaemon(configuration: one, under: launcher)
    let client = try daemon.client()
    try daemon.reload(many)
    try client.read(until: "the refusal") { $0.isConfiguration("rejected") }
    try daemon.reload(one.replacing("one", with: "another"))
    try client.read(until: "another stream") {
      $0["stream"]?.string == "another" && $0.isDevice("absent")
    }
    #expect(daemon.terminate().status == 0)
    #expect(daemon.log.count { $0.contains(words) } == 1, "\(daemon.log)")
    #expect(
      daemon.log.contains { $0.contains("the configuration was refused; the one before serves on") }
    )
  }

  /// Becomes a user for whom `limit` holds: it binds nobody who may do everything.
  private static let bound =
    geteuid() == 0 ? ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] : []

  /// A folder in which that user may have a socket, as everybody may.
  private func openFolder() -> TemporaryFolder {
    let folder = TemporaryFolder()
    chmod(folder.path, 0o777)
    return folder
  }

  @Test func aThreadThatTheSystemDoesNotGiveEndsItWithASentence() throws {
    let folder = openFolder()
    let daemon = try RunningDaemon(
      ["--device", "NoSuchCard", "--socket", folder.path("events.sock")],
      under: Self.bound + ["prlimit", "--nproc=0"])
    #expect(daemon.waitForEnd().status == 71)
    let sentence =
      "edged: error: the system gives no more threads; take streams away, or raise TasksMax"
    #expect(daemon.log.last == sentence, "\(daemon.log)")
  }

  /// Mounts of its own for who may already become another user, and for who may not.
  private static let ownMounts = geteuid() == 0 ? "-m" : "-rm"

  /// Whether this machine lets the tests have them.
  private static let areOwnMountsAllowed =
    (try? Program.run(Program.onPath("unshare"), [ownMounts, "true"]))?.status == 0

  @Test(.enabled(if: areOwnMountsAllowed))
  func alsoTheLastLineHasItsMessageIDInTheJournal() throws {
    let journal = try NotifySocket()
    let folder = openFolder()
    // Standard error is the journal's, as JOURNAL_STREAM says, and the journal is this test.
    let preparation = """
      chmod 777 "$NOTIFY_SOCKET"
      mount -t tmpfs tmpfs /run
      mkdir -p /run/systemd/journal
      touch /run/systemd/journal/socket
      mount --bind "$NOTIFY_SOCKET" /run/systemd/journal/socket
      JOURNAL_STREAM=$(stat -Lc %d:%i /proc/self/fd/2)
      export JOURNAL_STREAM
      unset NOTIFY_SOCKET
      exec "$@"
      """
    let daemon = try RunningDaemon(
      ["--device", "NoSuchCard", "--socket", folder.path("events.sock")],
      environment: journal.environment,
      under: ["unshare", Self.ownMounts, "sh", "-ec", preparation, "sh"]
        + Self.bound + ["prlimit", "--nproc=0"])
    #expect(daemon.waitForEnd().status == 71)
    #expect(journal.hears("MESSAGE_ID=\(LogTopic.exhausted.rawValue)", within: 1))
    #expect(daemon.log.isEmpty, "\(daemon.log)")
  }

  @Test func aDaemonThatMayLockNothingHearsAllTheSame() throws {
    let clip = try speech.file()
    let daemon = try RunningDaemon(
      configuration: stream(hears: "wav-fast:\(clip)"),
      under: Self.humbly + ["prlimit", "--memlock=0"])
    let lines = try daemon.client().read(until: "its end") { $0["reason"]?.string == "ended" }
    #expect(lines.contains { $0.type == "emotion" })
    #expect(daemon.terminate().status == 0)
    #expect(
      daemon.log.count { $0.contains("sound in memory could not be locked") } == 1, "\(daemon.log)")
  }

  /// A shell's limit is for programs that open a few files; every client takes one.
  @Test func asManyFilesMayBeOpenAsClientsNeed() throws {
    func daemon(under limit: String) throws -> RunningDaemon {
      try RunningDaemon(
        ["--device", "NoSuchCard"], under: ["bash", "-c", "\(limit); exec \"$@\"", "bash"])
    }
    let raised = try daemon(under: "ulimit -Sn 64")
    let limits = try String(
      contentsOfFile: "/proc/\(raised.processIdentifier)/limits", encoding: .utf8)
    let allowed = min(2096, DescriptorLimit.greatest)
    #expect(limits.contains(try Regex("Max open files +\(allowed) ")), "\(limits)")
    #expect(raised.terminate().status == 0)
    #expect(raised.log.contains { $0.contains("LimitNOFILE") } == (allowed < 2096))
    let few = try daemon(under: "ulimit -n 98")
    let clients = try (0..<4).map { _ in try EventReader(few.socket) }
    let answers = try clients.map { try $0.next()?["reason"]?.string }
    #expect(answers.contains("too_many_clients"), "\(answers)")
    #expect(few.terminate().status == 0)
    #expect(
      few.log.contains {
        $0.contains(
          "2000 clients can take 2096 files and sockets, and the system allows 98, enough for 2;")
      }, "\(few.log)")
  }

  /// No number of clients is small enough, so that none is promised room and none is asked for.
  @Test func whereOneClientIsTooManyOnlyTheLimitIsNamed() throws {
    let few = try RunningDaemon(
      configuration: "[events]\nmaximum_clients = 1\n" + stream(hears: "hw:CARD=NoSuchCard"),
      under: ["bash", "-c", "ulimit -n 64; exec \"$@\"", "bash"])
    let clients = try (0..<3).map { _ in try EventReader(few.socket) }
    let answers = try clients.map { try $0.next()?["reason"]?.string }
    #expect(answers.contains("too_many_clients"), "\(answers)")
    #expect(few.terminate().status == 0)
    let said = few.log.filter { $0.contains("LimitNOFILE") }
    #expect(said.count == 1, "\(few.log)")
    #expect(
      said.allSatisfy {
        $0.contains("even one client can take 97 files and sockets with the daemon's own,")
          && $0.hasSuffix("and the system allows 64; raise LimitNOFILE")
      }, "\(said)")
  }
}
