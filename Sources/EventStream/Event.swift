import Affect

/// Something that happened: what the daemon stores and publishes as one line.
public struct Event: Equatable, Sendable {
  /// The stream it happened on; nil when it concerns the whole daemon.
  public var stream: String?
  /// What happened.
  public var content: Content

  /// An event on `stream`.
  public init(stream: String? = nil, _ content: Content) {
    self.stream = stream
    self.content = content
  }

  /// An event that reports a finding about `stream`.
  public init(stream: String, finding: Finding) {
    switch finding {
    case .emotion(let judgement): self.init(stream: stream, .emotion(judgement))
    case .state(let state): self.init(stream: stream, .state(state))
    case .alert(let alert): self.init(stream: stream, .alert(alert))
    }
  }

  /// What can happen.
  public enum Content: Equatable, Sendable {
    case speechStart(SpeechStart)
    case speechEnd(SpeechEnd)
    case emotion(Judgement)
    case state(SustainedState)
    case alert(Alert)
    case xrun(Xrun)
    case device(DeviceChange)
    case call(CallBoundary)
    case model(LoadResult)
    case config(LoadResult)
    case clock(ClockChange)
  }

  /// The type that the line names.
  public var type: EventType {
    switch content {
    case .speechStart: .speechStart
    case .speechEnd: .speechEnd
    case .emotion: .emotion
    case .state: .state
    case .alert: .alert
    case .xrun: .xrun
    case .device: .device
    case .call: .call
    case .model: .model
    case .config: .config
    case .clock: .clock
    }
  }
}
