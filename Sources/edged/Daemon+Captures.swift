/// Which devices are captured from, as streams come, go and pause.
extension Daemon {
  /// Stops to capture from devices that no stream needs as they are, each stream with what is
  /// planned for it.
  func stopCaptures(unneededBy streams: [(stream: ServedStream, plan: Plan.Stream)]) {
    let needed = CaptureGroup.keys(for: streams).map(\.key)
    CaptureGroup.stop(captures.filter { !needed.contains($0.key) })
    captures.removeAll { !needed.contains($0.key) }
  }

  /// Captures from all devices that streams need and that are not captured from yet.
  func startCaptures() {
    for (key, streams) in CaptureGroup.keys(for: heardStreams)
    where !captures.contains(where: { $0.key == key }) {
      captures.append(CaptureGroup(key, streams))
    }
  }
}
