import Testing

@testable import Recognition

@Suite struct SegmenterTests {
  private func segmenter() -> Segmenter { Segmenter(.standard) }

  /// Runs `pattern`, one letter a frame: q(uiet), w(eak), s(trong); returns the transitions that
  /// are not `.silent` or `.open`.
  private func run(_ pattern: String) -> [String] {
    var segmenter = segmenter()
    segmenter.restart()
    return pattern.enumerated().compactMap { frame, letter in
      let activity: EnergyDetector.Activity =
        letter == "s" ? .strong : letter == "w" ? .weak : .quiet
      return switch segmenter.step(activity) {
      case .silent, .open: nil
      case .opened(let frames): "opened at \(frame) with \(frames)"
      case .closed: "closed at \(frame)"
      }
    }
  }

  private func frames(_ letter: Character, _ count: Int) -> String {
    String(repeating: letter, count: count)
  }

  @Test func opensOnlyAfterConfirmedSpeech() {
    #expect(run(frames("q", 50) + "ssssq" + "ssssw" + frames("w", 50)) == [])
    #expect(run(frames("q", 50) + "sssss") == ["opened at 54 with 25"])
  }

  @Test func prerollDoesNotReachBeforeTheStream() {
    #expect(run("qq" + "sssss") == ["opened at 6 with 7"])
  }

  @Test func weakFramesKeepASegmentOpen() {
    #expect(run("sssss" + frames("w", 500)) == ["opened at 4 with 5"])
  }

  @Test func closesWithTheLastFrameOfTheHangover() {
    #expect(
      run("sssss" + frames("q", 29) + "w" + frames("q", 30)) == [
        "opened at 4 with 5", "closed at 64",
      ])
  }

  @Test func prerollDoesNotReachIntoTheSegmentBefore() {
    let first = "sssss" + frames("q", 30)
    #expect(
      run(first + "qqq" + "sssss")
        == ["opened at 4 with 5", "closed at 34", "opened at 42 with 8"])
  }
}
