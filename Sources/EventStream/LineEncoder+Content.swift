import Affect
import JSON

extension JSONWriter {
  /// The members of an event besides the common ones.
  mutating func content(_ content: Event.Content) {
    switch content {
    case .speechStart(let start):
      whole("segment", start.segment)
      whole("start_ms", start.startMs)
    case .speechEnd(let end):
      whole("segment", end.segment)
      whole("start_ms", end.startMs)
      whole("end_ms", end.endMs)
      if let level = end.levelCentibels { self.level(level) }
    case .emotion(let judgement): emotion(judgement)
    case .state(let state):
      text("label", state.label.rawValue, limit: 32)
      text("phase", state.phase.rawValue, limit: 32)
      whole("since_ms", state.sinceMs)
      whole("at_ms", state.atMs)
      share("share", state.share)
    case .alert(let alert):
      text("rule", alert.rule, limit: 128)
      text("phase", alert.phase.rawValue, limit: 32)
      whole("held_ms", alert.heldMs)
    case .xrun(let xrun): whole("lost_ms", xrun.lostMs)
    case .device(let change):
      text("state", change.state.rawValue, limit: 32)
      explanation(change.reason, change.message)
    case .model(let result), .config(let result): load(result)
    case .call(let boundary):
      text("phase", boundary.phase.rawValue, limit: 32)
      whole("at_ms", boundary.atMs)
    case .clock(let change):
      text("old", change.old.description, limit: 32)
      text("new", change.new.description, limit: 32)
      if let synced = change.isSynced { flag("synced", synced) }
    }
  }

  private mutating func emotion(_ judgement: Judgement) {
    whole("segment", judgement.segment)
    whole("start_ms", judgement.startMs)
    whole("end_ms", judgement.endMs)
    whole("baseline", judgement.baseline)
    text("label", judgement.label.rawValue, limit: 32)
    share("confidence", judgement.confidence)
    key("scores")
    object { writer in
      for entry in judgement.scores.entries { writer.share(entry.emotion.rawValue, entry.score) }
    }
    flag("final", judgement.isFinal)
    level(judgement.levelCentibels)
    whole("latency_ms", judgement.latencyMs)
  }

  private mutating func load(_ result: LoadResult) {
    text("state", result.state.rawValue, limit: 32)
    optionalText("path", result.path, limit: 1_024)
    optionalText("id", result.id, limit: 128)
    explanation(result.reason, result.message)
  }

  /// A level relative to full scale.
  mutating func level(_ centibels: Int) {
    key("level_dbfs")
    decimal(centibels, places: 1)
  }

  /// Why something is so: `reason` for programs, `message` for people.
  mutating func explanation(_ reason: String?, _ message: String?) {
    optionalText("reason", reason, limit: 64)
    optionalText("message", message, limit: 1_024)
  }
}
