import Recognition

/// What became of one recording of a manifest.
public struct AssessedRecording: Sendable {
  /// What the manifest says.
  public let entry: Manifest.Entry
  /// Segments that were heard in it.
  public let segments: Int
  /// The label with the highest score; nil when no speech was heard.
  public let predicted: Int?
  /// One a label of the model, ten-thousandths; empty when no speech was heard.
  public let scores: [Int]
  /// What was made of its segments before they were over, as far as the judge made interim decisions.
  public let interims: [AssessedInterim]
  /// Whether its peaks are cut at full scale.
  public let isTooLoud: Bool
}

/// What the model made of a segment that was not over.
public struct AssessedInterim: Sendable {
  /// Frames from the segment's first one to the decision.
  public let frames: Int64
  /// The label with the highest score.
  public let predicted: Int
  /// That score, ten-thousandths.
  public let confidence: Int
}

/// Runs a manifest through a model, session by session.
public struct Assessment: Sendable {
  private let manifest: Manifest
  private let labels: ModelLabels

  /// An assessment of a manifest, all of whose labels are among `labels`.
  public init(_ manifest: Manifest, labels: ModelLabels) {
    self.manifest = manifest
    self.labels = labels
  }

  /// Judges every recording with `jobs` judges side by side. One that cannot be read is absent: the
  /// others of its session are heard as if the manifest did not name it.
  ///
  /// `makeJudge` and `samples` run on several threads at once; `progress` is told of each
  /// recording.
  public func run(
    jobs: Int, makeJudge: @Sendable () throws -> any RecordingJudge,
    samples: @Sendable (String) throws -> [Int16], progress: @Sendable () -> Void
  ) throws -> Assessed {
    let sittings = manifest.sittings
    let heard = try Crew(of: jobs).collect(sittings.count, tool: makeJudge) { judge, sitting in
      judge.restart()
      return sittings[sitting].map { recording in
        defer { progress() }
        return hear(recording, samples: samples, judge)
      }
    }
    let places = zip(sittings.joined(), heard.joined()).sorted { $0.0 < $1.0 }
    return Assessed(places.map(\.1))
  }

  /// What becomes of a recording, the next of its talker's.
  private func hear(
    _ recording: Int, samples: (String) throws -> [Int16], _ judge: any RecordingJudge
  ) -> Result<AssessedRecording, UnreadableRecording> {
    let entry = manifest.entries[recording]
    let sound: [Int16]
    do {
      sound = try samples(entry.path)
    } catch {
      return .failure(
        UnreadableRecording(place: manifest.place(of: recording), problem: "\(error)"))
    }
    let isTooLoud = FullScale.isReached(in: sound)
    return .success(assess(entry, judge.judge(sound), isTooLoud: isTooLoud))
  }

  private func assess(
    _ entry: Manifest.Entry, _ judgement: ClipJudgement, isTooLoud: Bool
  ) -> AssessedRecording {
    guard let logits = judgement.logits else {
      return AssessedRecording(
        entry: entry, segments: 0, predicted: nil, scores: [], interims: [], isTooLoud: isTooLoud)
    }
    let scores = labels.scores(logits)
    let interims = judgement.interims.map { interim in
      let scores = labels.scores(interim.logits)
      let predicted = top(of: scores)
      return AssessedInterim(
        frames: interim.frames, predicted: predicted, confidence: scores[predicted])
    }
    return AssessedRecording(
      entry: entry, segments: judgement.segments, predicted: top(of: scores), scores: scores,
      interims: interims, isTooLoud: isTooLoud)
  }

  /// Of equal scores the first.
  private func top(of scores: [Int]) -> Int {
    scores.indices.max { (scores[$0], $1) < (scores[$1], $0) }!
  }
}
