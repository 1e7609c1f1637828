import Glibc
import TestSupport
import Testing

@testable import EventStream

/// The type and permissions of what lies at `path`; nil where nothing is.
private func mode(_ path: String) -> UInt32? {
  var status = stat()
  return lstat(path, &status) == 0 ? status.st_mode : nil
}

@Suite struct ListeningSocketTests {
  private func problem(at path: String) -> SocketProblem? {
    do {
      _ = try ListeningSocket(path: path)
      return nil
    } catch {
      return error
    }
  }

  @Test func isForOwnerAndGroupAndGoneAfterwards() async {
    // In a process of its own: the mask holds for files of other tests too.
    await #expect(processExitsWith: .success) {
      let folder = TemporaryFolder()
      let path = folder.path("events.sock")
      umask(0o077)
      do {
        let socket = try ListeningSocket(path: path)
        #expect(mode(path) == S_IFSOCK | 0o660)
        _ = consume socket
      }
      #expect(mode(path) == nil)
    }
  }

  @Test func aSocketThatNobodyServesIsReplaced() throws {
    let folder = TemporaryFolder()
    let path = folder.path("events.sock")
    let number = try #require(UnixSocket.bound(to: path))
    close(number)
    #expect(mode(path) != nil, "what a killed daemon leaves behind")
    #expect(problem(at: path) == nil)
  }

  @Test func aSocketThatSomeoneServesIsLeftAlone() throws {
    let folder = TemporaryFolder()
    let path = folder.path("events.sock")
    let socket = try ListeningSocket(path: path)
    #expect(problem(at: path) == .liveOwner(path))
    #expect(mode(path) != nil)
    _ = consume socket
  }

  @Test func aServerThatIsTooBusyToAcceptIsNotTakenForDead() throws {
    let folder = TemporaryFolder()
    let path = folder.path("events.sock")
    let number = try #require(UnixSocket.bound(to: path))
    defer { close(number) }
    #expect(listen(number, 0) == 0)
    let waiting = TestClient(path)
    #expect(problem(at: path) == .liveOwner(path))
    withExtendedLifetime(waiting) {}
  }

  @Test func whatIsNoSocketIsNeitherRemovedNorOverwritten() throws {
    let folder = TemporaryFolder()
    let file = folder.path("notes")
    close(open(file, O_CREAT | O_WRONLY, 0o600))
    #expect(problem(at: file) == .notASocket(file))
    let link = folder.path("link")
    symlink(file, link)
    #expect(problem(at: link) == .notASocket(link))
    #expect(mode(file) != nil && mode(link) != nil)
  }

  @Test func aPathThatNoSocketCanHaveIsRefused() {
    let long = "/tmp/" + String(repeating: "x", count: 103)
    #expect(problem(at: long) == .unusablePath(long))
    #expect(problem(at: "") == .unusablePath(""))
    #expect("\(SocketProblem.unusablePath(long))".contains("107"))
  }

  @Test func aFolderThatIsNotThereIsNamed() {
    #expect(problem(at: "/nonexistent/edged/events.sock") == .noFolder("/nonexistent/edged"))
    #expect(problem(at: "/dev/null/events.sock") == .noFolder("/dev/null"))
  }

  @Test func theLongestPathWorks() throws {
    let folder = TemporaryFolder()
    let path = folder.path(
      String(repeating: "x", count: UnixAddress.maximumPathLength - folder.path.utf8.count - 1))
    let socket = try ListeningSocket(path: path)
    let client = TestClient(path)
    withExtendedLifetime(client) {}
    _ = consume socket
  }

  @Test func aSocketPutInOursPlaceIsNotRemoved() throws {
    let folder = TemporaryFolder()
    let path = folder.path("events.sock")
    do {
      let ours = try ListeningSocket(path: path)
      unlink(path)
      let number = try #require(UnixSocket.bound(to: path))
      close(number)
      _ = consume ours
    }
    #expect(mode(path) != nil)
  }

  @Test func anInheritedSocketServesAndIsNotRemoved() throws {
    let folder = TemporaryFolder()
    let path = folder.path("events.sock")
    let number = try #require(UnixSocket.bound(to: path))
    #expect(listen(number, 10) == 0)
    do {
      let server = try EventServer(
        ListeningSocket(inherited: number), run: sampleRun, description: sampleDescription)
      let client = TestClient(path)
      server.process()
      #expect(try client.lines().map(type) == ["hello"])
    }
    #expect(mode(path) != nil)
  }

  @Test func aDescriptorThatDoesNotListenIsRefused() {
    var pair: [Int32] = [0, 0]
    socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &pair)
    defer { for number in pair { close(number) } }
    #expect(throws: SocketProblem.notListening(descriptor: pair[0])) {
      _ = try ListeningSocket(inherited: pair[0])
    }
    #expect(throws: SocketProblem.notListening(descriptor: 0)) {
      _ = try ListeningSocket(inherited: 0)
    }
  }
}
