/// One alert rule at work on one stream.
struct AlertTracker {
  private enum Phase {
    case inactive
    case pending(sinceMs: Int)
    case firing(sinceMs: Int, failedAtMs: Int?)
  }

  let rule: AlertRule
  private var phase = Phase.inactive
  private var holds = false

  init(_ rule: AlertRule) {
    self.rule = rule
  }

  /// Evaluates the condition at `now`, after new speech was taken in.
  mutating func update(_ evidence: Evidence, now: Int) -> [Alert] {
    holds = rule.emotions.reduce(0) { $0 + evidence[$1] } >= rule.share
    return advance(to: now)
  }

  /// All evidence has lapsed.
  mutating func lapse(now: Int) -> [Alert] {
    holds = false
    return advance(to: now)
  }

  /// Lets time pass: the condition is as it was.
  mutating func advance(to now: Int) -> [Alert] {
    switch phase {
    case .inactive:
      guard holds else { return [] }
      phase = .pending(sinceMs: now)
      return rule.forMs > 0 ? [alert(.pending, heldMs: 0)] : advance(to: now)
    case .pending(let since):
      guard holds else { return resolve(heldMs: now - since) }
      guard now - since >= rule.forMs else { return [] }
      phase = .firing(sinceMs: since, failedAtMs: nil)
      return [alert(.firing, heldMs: now - since)]
    case .firing(let since, let failedAt):
      if holds {
        phase = .firing(sinceMs: since, failedAtMs: nil)
        return []
      }
      let failed = failedAt ?? now
      phase = .firing(sinceMs: since, failedAtMs: failed)
      return now - failed >= rule.keepFiringForMs ? resolve(heldMs: failed - since) : []
    }
  }

  /// Resolves whatever is pending or firing, without waiting.
  mutating func finish(now: Int) -> [Alert] {
    holds = false
    switch phase {
    case .inactive: return []
    case .pending(let since): return resolve(heldMs: now - since)
    case .firing(let since, let failedAt): return resolve(heldMs: (failedAt ?? now) - since)
    }
  }

  private mutating func resolve(heldMs: Int) -> [Alert] {
    phase = .inactive
    return [alert(.resolved, heldMs: heldMs)]
  }

  private func alert(_ phase: Alert.Phase, heldMs: Int) -> Alert {
    Alert(rule: rule.name, phase: phase, heldMs: max(0, heldMs))
  }
}
