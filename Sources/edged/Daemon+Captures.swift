/// Which devices are captured from, as streams come, go and pause.
extension Daemon {
  /// Stops capturing from devices that none of `streams` needs unchanged, each with its new plan.
  func stopCaptures(unneededBy streams: [(stream: ServedStream, plan: Plan.Stream)]) {
    let needed = CaptureGroup.keys(for: streams).map(\.key)
    CaptureGroup.stop(captures.filter { !needed.contains($0.key) })
    captures.removeAll { !needed.contains($0.key) }
  }

  /// Starts capturing from all devices that streams need and that are not captured yet.
  func startCaptures() {
    for (key, streams) in CaptureGroup.keys(for: heardStreams)
    where !captures.contains(where: { $0.key == key }) {
      captures.append(CaptureGroup(key, streams))
    }
  }
}
