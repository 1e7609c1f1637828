import Testing

/// What several faults have in common.
extension FaultHour {
  static let runs = "notice: its device runs"
  static let wentAway = "warning: capture device mic went away; it is used again when it is back"

  /// Nothing was lost, nobody was told anything but that the device runs.
  func expectNoFault(at place: SourceLocation = #_sourceLocation) {
    expectService(at: place)
    #expect(lostMs == 0 && awayMs == 0, sourceLocation: place)
    #expect(log == [Self.runs], sourceLocation: place)
  }

  /// So many milliseconds were lost while the device was in service, all for one reason.
  func expectLoss(
    ofMs ms: Int, saying sentence: String, at place: SourceLocation = #_sourceLocation
  ) {
    expectService(at: place)
    #expect(lostMs == ms, sourceLocation: place)
    #expect(log == [Self.runs, "warning: \(sentence)"], sourceLocation: place)
    #expect(lines.count <= 61, "once a minute", sourceLocation: place)
  }

  /// The device was in service and left sound out, some milliseconds each time and so many in all.
  func expectSoundLeftOut(
    _ ms: some RangeExpression<Int>, at place: SourceLocation = #_sourceLocation
  ) {
    expectService(at: place)
    #expect(ms.contains(lostMs), sourceLocation: place)
    let isAllThatIsSaid = log.dropFirst().allSatisfy {
      $0.hasSuffix("ms of sound are lost: the device left it out")
    }
    #expect(isAllThatIsSaid, "\(log)", sourceLocation: place)
    #expect(lines.count <= 61, "once a minute", sourceLocation: place)
  }

  /// The device went away for one reason, again and again, and the log has it once a minute.
  func expectAbsences(
    because reason: String, at place: SourceLocation = #_sourceLocation
  ) {
    #expect(reasons == ["lost \(reason)"], sourceLocation: place)
    #expect(log == [Self.runs, Self.wentAway], sourceLocation: place)
    #expect(linesInAMinute <= 2, sourceLocation: place)
  }

  private func expectService(at place: SourceLocation) {
    #expect(states == ["opening", "running"], sourceLocation: place)
  }
}
