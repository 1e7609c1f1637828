import Capture
import SoundDevices

/// A device that is captured, and the streams that are its channels.
final class CaptureGroup {
  /// What identifies one device's capture; while it stays the same, the thread runs on undisturbed.
  struct Key: Equatable {
    var device: DeviceName
    var rate: Int?
    /// Channel and feed of each stream.
    var taps: [Tap]

    struct Tap: Equatable {
      var channel: Int
      var feed: ObjectIdentifier
    }
  }

  let key: Key
  let streams: [ServedStream]
  let health: CaptureHealth
  private let thread: CaptureThread

  /// Starts capturing for `streams`, all of one device.
  init(_ key: Key, _ streams: [ServedStream]) {
    self.key = key
    self.streams = streams
    health = CaptureHealth(deviceName: key.device.text)
    let highest = streams.map(\.plan.channel).max() ?? 0
    thread = CaptureThread(
      name: key.device, request: CaptureRequest(rate: key.rate, highestChannel: highest),
      taps: streams.map {
        CaptureLoop.Tap(
          channel: $0.plan.channel, feed: $0.feed, causeOfAbsence: $0.causeOfAbsence)
      },
      health: health)
  }

  /// Whether all memory that holds sound is locked.
  var isLocked: Bool { health.isLocked && thread.isLocked }

  /// Stops capturing from the devices of `groups`; what was captured stays in the feeds. All
  /// threads are asked to stop before any is joined, so that it takes as long as the slowest.
  static func stop(_ groups: [CaptureGroup]) {
    for group in groups { group.thread.requestStop() }
    for group in groups { group.thread.stop() }
  }

  /// The devices that `streams` need as planned, each once.
  ///
  /// A recording is captured once for each stream that uses it: reopened because another stream
  /// comes or goes, it would begin anew, where a microphone continues.
  static func keys(
    for streams: [(stream: ServedStream, plan: Plan.Stream)]
  ) -> [(key: Key, streams: [ServedStream])] {
    var groups: [(key: Key, streams: [ServedStream])] = []
    for (stream, plan) in streams {
      let tap = Key.Tap(channel: plan.channel, feed: ObjectIdentifier(stream.feed))
      let index = groups.firstIndex {
        $0.key.device == plan.device && $0.key.rate == plan.rate && plan.device.recording == nil
      }
      if let index {
        groups[index].key.taps.append(tap)
        groups[index].streams.append(stream)
      } else {
        let key = Key(device: plan.device, rate: plan.rate, taps: [tap])
        groups.append((key, [stream]))
      }
    }
    return groups
  }
}
