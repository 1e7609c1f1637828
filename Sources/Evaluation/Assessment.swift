import Recognition

/// The result for one recording of a manifest.
public struct AssessedRecording: Sendable {
  /// The manifest's entry.
  public let entry: Manifest.Entry
  /// Number of segments in it.
  public let segments: Int
  /// The label with the highest score; nil if no speech was found.
  public let predicted: Int?
  /// One score per label of the model, in ten-thousandths; empty if no speech was found.
  public let scores: [Int]
  /// Interim decisions on its segments, as far as the judge makes them.
  public let interims: [AssessedInterim]
  /// Whether its peaks are clipped at full scale.
  public let isTooLoud: Bool
}

/// The model's decision on an unfinished segment.
public struct AssessedInterim: Sendable {
  /// Frames from the segment's first to the decision.
  public let frames: Int64
  /// The label with the highest score.
  public let predicted: Int
  /// That score, in ten-thousandths.
  public let confidence: Int
}

/// Runs a manifest through a model, session by session.
public struct Assessment: Sendable {
  private let manifest: Manifest
  private let labels: ModelLabels

  /// An assessment of a manifest, all of whose labels must be among `labels`.
  public init(_ manifest: Manifest, labels: ModelLabels) {
    self.manifest = manifest
    self.labels = labels
  }

  /// Judges every recording with `jobs` judges in parallel. If one cannot be read, the others of
  /// its session are judged as if it were not in the manifest.
  ///
  /// `makeJudge` and `samples` run on several threads at once; `progress` is called for each
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

  /// The result for a recording, the next of its talker's.
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

  /// Ties go to the first.
  private func top(of scores: [Int]) -> Int {
    scores.indices.max { (scores[$0], $1) < (scores[$1], $0) }!
  }
}
