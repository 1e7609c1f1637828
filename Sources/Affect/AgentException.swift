/// The reasons for which the law lets an employee's emotions be inferred at work.
public enum AgentException: String, CaseIterable, Sendable {
  case medical
  case safety
}
