/// Something worth saying about a stream.
public enum Finding: Equatable, Sendable {
  case emotion(Judgement)
  case state(SustainedState)
  case alert(Alert)
}
