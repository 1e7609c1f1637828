import Capture
import Settings
import SoundDevices

extension PlanReading {
  /// How many streams fit into the unit's limits. With one card each, 16 take 18 threads of
  /// `TasksMax=64` (libasound's plugins may add their own), 13 MB of `LimitDATA=64M` and, with the
  /// model that ships, 6 MB locked beside 4 MB of stacks, of `LimitMEMLOCK=16M`. Streams that need
  /// too much memory with another model are refused as well, see `Plan.checkMemory`.
  private static let maximumStreams = 16

  /// A stream that is to run.
  private struct Wanted {
    var name: String
    var stream: StreamConfiguration
    /// Where its device is named.
    var place: Configuration.Place
  }

  /// The streams that are to run: those of the command line, else those configured.
  func streams() -> [Plan.Stream] {
    let configured = configuration.runningStreams
    for (name, stream) in configured { checkRate(name, stream) }
    let wanted =
      options.devices.isEmpty
      ? configured.map {
        Wanted(name: $0.name, stream: $0.stream, place: place("stream.\($0.name).device"))
      } : commanded(configured)
    if wanted.count > Self.maximumStreams {
      review.report(
        options.devices.isEmpty ? place() : .init(file: "--device"),
        "there are \(wanted.count) streams and may be \(Self.maximumStreams); take some away")
    }
    let streams = wanted.compactMap { stream($0) }
    checkStandardInput(streams)
    return streams
  }

  /// The streams of the command line: for each device, those configured for it. A single configured
  /// stream takes any device. Otherwise a device without a stream gets a default one, unless
  /// another stream is an employee's: who speaks there is unknown, and an employee must not be
  /// taken for a caller.
  private func commanded(_ configured: [(name: String, stream: StreamConfiguration)]) -> [Wanted] {
    let place = Configuration.Place(file: "--device")
    let employee = configured.first { $0.stream.role == .agent }
    var wanted: [Wanted] = []
    for device in options.devices {
      let named = try? DeviceName(device)
      var models = configured.filter {
        configured.count == 1 || named != nil && (try? DeviceName($0.stream.device)) == named
      }
      let others = configured.map(\.name).filter { name in !models.contains { $0.name == name } }
      if models.isEmpty {
        if named != nil, let employee {
          // Where a line cannot be read, it may be the one that names this device.
          if !review.lacksFile {
            review.report(
              place,
              "no stream is configured for \(device), and \(employee.name) is an employee's;"
                + " give a stream this device in the configuration, so that its role is known")
          }
          continue
        }
        models = [(name: "main", stream: StreamConfiguration())]
      }
      for (name, stream) in models {
        var wanting = Wanted(
          name: unused(name, besides: others + wanted.map(\.name)), stream: stream, place: place)
        wanting.stream.device = device
        wanted.append(wanting)
      }
    }
    return wanted
  }

  /// `name`, with a number where it is `taken`.
  private func unused(_ name: String, besides taken: [String]) -> String {
    guard taken.contains(name) else { return name }
    var number = 2
    while taken.contains("\(name)-\(number)") { number += 1 }
    return "\(name)-\(number)"
  }

  private func stream(_ wanted: Wanted) -> Plan.Stream? {
    let stream = wanted.stream
    let device: DeviceName
    do throws(DeviceName.Problem) {
      device = try DeviceName(stream.device)
    } catch {
      review.report(wanted.place, error.description)
      return nil
    }
    if device == .standardInput, stream.channel != 0 || stream.rate ?? 16_000 != 16_000 {
      review.report(
        wanted.place, "`stdin` has one channel, 0, at 16000 Hz; leave `channel` and `rate` out")
    }
    return Plan.Stream(
      name: wanted.name, role: stream.role, device: device, channel: stream.channel,
      rate: stream.rate, place: wanted.place)
  }

  private func checkRate(_ name: String, _ stream: StreamConfiguration) {
    guard let rate = stream.rate, !CaptureRequest.preferredRates.contains(rate) else { return }
    let rates = CaptureRequest.preferredRates.sorted().map(String.init)
    review.report(
      place("stream.\(name).rate"),
      "`stream.\(name).rate` is \(rate); sound cards have \(rates.joined(separator: ", "))"
        + ", and leaving `rate` out takes the best")
  }

  /// Reports a second stream on standard input, where each would hear what the other leaves, and a
  /// standard input that is closed.
  private func checkStandardInput(_ streams: [Plan.Stream]) {
    let readers = streams.filter { $0.device == .standardInput }
    if let reader = readers.first, !options.hasStandardInput {
      review.report(
        reader.place,
        "stream \(reader.name) reads `stdin`, and standard input is closed;"
          + " start edged with a file or a pipe on it")
    }
    for reader in readers.dropFirst() {
      review.report(
        reader.place,
        "streams \(readers[0].name) and \(reader.name) both read `stdin`; only one can")
    }
  }
}
