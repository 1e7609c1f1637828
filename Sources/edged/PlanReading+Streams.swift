import Capture
import Service
import SoundDevices

extension PlanReading {
  /// So many streams fit into the limits of the unit. On a card each, 16 make 18 threads of
  /// `TasksMax=64` (libasound's plugins may add their own), 13 MB of `LimitDATA=64M` and, with the
  /// model that ships, 6 MB locked beside 4 MB of stacks, of `LimitMEMLOCK=16M`. What there is no
  /// memory for with another model is refused as well, see `Plan.checkMemory`.
  private static let maximumStreams = 16

  /// The streams that are to run: those of the command line, else those configured.
  func streams() -> [Plan.Stream] {
    let configured = configuration.runningStreams
    let streams =
      options.devices.isEmpty
      ? configured.compactMap { stream($0.name, $0.stream, place("stream.\($0.name).device")) }
      : streams(of: options.devices, like: configured.count == 1 ? configured[0] : nil)
    let count = options.devices.isEmpty ? configured.count : options.devices.count
    if count > Self.maximumStreams {
      review.report(
        options.devices.isEmpty ? place() : .init(file: "--device"),
        "there are \(count) streams and may be \(Self.maximumStreams); take some away")
    }
    checkStandardInput(streams)
    return streams
  }

  /// A stream for each of `devices`, in everything else like `template`.
  private func streams(
    of devices: [String], like template: (name: String, stream: StreamConfiguration)?
  ) -> [Plan.Stream] {
    let (name, template) = template ?? ("main", StreamConfiguration())
    return devices.enumerated().compactMap { index, device in
      var configured = template
      configured.device = device
      return stream(
        index == 0 ? name : "\(name)-\(index + 1)", configured, .init(file: "--device"))
    }
  }

  private func stream(
    _ name: String, _ stream: StreamConfiguration, _ place: Configuration.Place
  ) -> Plan.Stream? {
    checkRate(name, stream)
    let device: DeviceName
    do throws(DeviceName.Problem) {
      device = try DeviceName(stream.device)
    } catch {
      review.report(place, error.description)
      return nil
    }
    if device == .standardInput, stream.channel != 0 || stream.rate ?? 16_000 != 16_000 {
      review.report(
        place, "`stdin` has one channel, 0, at 16000 Hz; leave `channel` and `rate` out")
    }
    return Plan.Stream(
      name: name, role: stream.role, device: device,
      channel: stream.channel, rate: stream.rate, place: place)
  }

  private func checkRate(_ name: String, _ stream: StreamConfiguration) {
    guard options.devices.isEmpty, let rate = stream.rate,
      !CaptureRequest.preferredRates.contains(rate)
    else { return }
    let rates = CaptureRequest.preferredRates.sorted().map(String.init)
    review.report(
      place("stream.\(name).rate"),
      "`stream.\(name).rate` is \(rate); sound cards have \(rates.joined(separator: ", "))"
        + ", and leaving `rate` out takes the best")
  }

  /// Of two streams that read standard input, each would hear what the other leaves.
  private func checkStandardInput(_ streams: [Plan.Stream]) {
    let readers = streams.filter { $0.device == .standardInput }
    for reader in readers.dropFirst() {
      review.report(
        reader.place,
        "streams \(readers[0].name) and \(reader.name) both read `stdin`; only one can")
    }
  }
}
