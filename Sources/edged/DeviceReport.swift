import EventStream
import Service

/// What is to be said about something that befell a device.
struct DeviceReport: Equatable {
  /// To all clients.
  var events: [Event.Content] = []
  /// In the log; nil for nothing, or for something that it was told of within the last minute.
  var line: LogLine?
  /// When it was judged what is worth telling. Events carry this time: by any later one, two that
  /// are a second apart could seem less.
  let moment: EventMoment
}

extension EventServer {
  /// Publishes what `report` has for clients. Nothing may have been published since its moment.
  func publish(_ report: DeviceReport, ofStream name: String) {
    for content in report.events { publish(Event(stream: name, content), at: report.moment) }
  }
}
