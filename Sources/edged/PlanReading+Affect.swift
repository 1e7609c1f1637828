import Affect
import Settings

extension PlanReading {
  /// How scores become emotions and states.
  func affect() -> AffectSettings {
    let affect = configuration.affect
    var settings = AffectSettings()
    settings.minimumConfidence = affect.minimumConfidence ?? settings.minimumConfidence
    settings.timeConstantMs = affect.timeConstantMs ?? settings.timeConstantMs
    settings.enterShare = affect.enterShare ?? settings.enterShare
    settings.leaveShare = affect.leaveShare ?? settings.leaveShare
    settings.lapseMs = affect.lapseMs ?? settings.lapseMs
    do throws(AffectSettings.Problem) {
      try settings.check()
    } catch {
      report(error)
    }
    return settings
  }

  /// Reports what the settings' own check found, in the configuration's terms.
  private func report(_ problem: AffectSettings.Problem) {
    switch problem {
    case .outOfRange(let name, _, _):
      let keys = [
        "minimumConfidence": "minimum_confidence", "enterShare": "enter_share",
        "leaveShare": "leave_share", "timeConstantMs": "time_constant_ms", "lapseMs": "lapse_ms",
      ]
      review.report(place("affect.\(keys[name] ?? name)"), "[affect] \(problem)")
    // Where a line cannot be read, one of the two may be a default that the line was to replace.
    case .leaveAboveEnter where review.lacksFile: break
    case .leaveAboveEnter:
      review.report(
        place("affect.leave_share", "affect.enter_share"),
        "`affect.leave_share` must not be above `affect.enter_share`, or a state would end before it begins"
      )
    }
  }

  /// The alert rules.
  func rules() -> [AlertRule] {
    configuration.alerts.sorted { $0.key < $1.key }.map { name, alert in
      if Set(alert.emotions).count < alert.emotions.count {
        review.report(
          place("alert.\(name).emotions"), "alert `\(name)` names an emotion twice; name each once")
      }
      return AlertRule(
        name: name, emotions: alert.emotions.compactMap { emotion($0, of: name) },
        share: alert.share, forMs: alert.forMs, keepFiringForMs: alert.keepFiringForMs)
    }
  }

  private func emotion(_ word: String, of alert: String) -> Emotion? {
    if let emotion = Emotion(rawValue: word), emotion != .unknown { return emotion }
    let words = Emotion.named.map(\.rawValue).joined(separator: ", ")
    review.report(
      place("alert.\(alert).emotions"), "`\(word)` is no emotion; the words are \(words)")
    return nil
  }
}
