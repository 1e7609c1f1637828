import CLinux
import Glibc
import Threads

/// The real surroundings of a capture loop: the monotonic clock, and inotify on /dev/snd.
///
/// Plugging in a card creates its node; udev then sets group and mode, which changes the node's
/// attributes. An open after the creation may be refused, one after the change is not.
final class DeviceWatch: CaptureSurroundings {
  private static let burstMilliseconds: Int32 = 20
  private let inotify: Int32
  private let folder: String
  private let stop: StopSignal
  private var watching: Int32 = -1
  private var watchingParent: Int32 = -1

  /// Watches `folder`, and its parent until it exists: `/dev/snd` appears with the first card.
  init(stop: StopSignal, folder: String = "/dev/snd") {
    self.stop = stop
    self.folder = folder
    inotify = inotify_init1(Int32(IN_NONBLOCK | IN_CLOEXEC))
    renewWatch()
  }

  deinit { close(inotify) }

  var isStopping: Bool { stop.isRequested }

  func now() -> Int64 { linux_nanoseconds(CLOCK_MONOTONIC) }

  func pause(milliseconds: Int32) {
    var descriptor = pollfd(fd: stop.descriptor, events: Int16(POLLIN), revents: 0)
    poll(&descriptor, 1, milliseconds)
  }

  func waitForDevices(milliseconds: Int32) -> Bool {
    renewWatch()
    var descriptors = (
      pollfd(fd: stop.descriptor, events: Int16(POLLIN), revents: 0),
      pollfd(fd: inotify, events: Int16(POLLIN), revents: 0)
    )
    withUnsafeMutableBytes(of: &descriptors) {
      _ = poll($0.assumingMemoryBound(to: pollfd.self).baseAddress!, 2, milliseconds)
    }
    guard descriptors.1.revents != 0 else { return false }
    // A card appears as a burst of changes, and an open in the middle of it is refused.
    pause(milliseconds: Self.burstMilliseconds)
    drain()
    return true
  }

  /// The folder may have appeared, or vanished with its last card, since the last wait.
  private func renewWatch() {
    let changes = UInt32(IN_CREATE | IN_ATTRIB | IN_DELETE_SELF)
    watching = inotify_add_watch(inotify, folder, changes)
    let parent = folder.lastIndex(of: "/").map { String(folder[..<$0]) } ?? "."
    if watching < 0 {
      watchingParent = inotify_add_watch(inotify, parent, UInt32(IN_CREATE))
    } else if watchingParent >= 0 {
      inotify_rm_watch(inotify, watchingParent)
      watchingParent = -1
    }
  }

  private func drain() {
    withUnsafeTemporaryAllocation(byteCount: 4096, alignment: 8) { events in
      while read(inotify, events.baseAddress!, events.count) > 0 {}
    }
  }
}
