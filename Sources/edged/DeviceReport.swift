import EventStream
import Service

/// What to report about something that happened to a device.
struct DeviceReport: Equatable {
  /// For all clients.
  var events: [Event.Content] = []
  /// For the log; nil for nothing, or for something that was logged within the last minute.
  var line: LogLine?
  /// When it was decided what to report. Events carry this time: with a later one, two that are a
  /// second apart could seem closer.
  let moment: EventMoment
}

extension EventServer {
  /// Publishes what `report` has for clients. Nothing may have been published since its moment.
  func publish(_ report: DeviceReport, ofStream name: String) {
    for content in report.events { publish(Event(stream: name, content), at: report.moment) }
  }
}
