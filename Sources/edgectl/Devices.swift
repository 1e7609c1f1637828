import ArgumentParser
import Capture
import Console
import JSON
import SoundDevices

/// `edgectl devices`: what could be a microphone, and how to name it in the configuration.
struct Devices: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List the capture devices and what they offer.",
    discussion: """
      The first name of each device is enough as long as the same cards are plugged in. The names of two equal cards depend on \
      the order in which the cards are found, and can change places. by-path: names the socket that the card is in; by-id: names \
      the individual microphone.

      Exit status: 0 when every device that was asked for can be opened; 1 when one cannot, or no sound card can capture; 64 for \
      wrong usage.
      """)

  @Flag(help: "Print one JSON object per line.")
  var json = false

  @Argument(help: "Query these devices, named as in the configuration, instead of all sound cards.")
  var names: [String] = []

  func run() throws {
    let found = try names.isEmpty ? Self.all() : names.map { try Self.named($0) }
    guard !found.isEmpty else { throw NoMicrophone() }
    for entry in found { try StandardOutput.line(json ? entry.json.description : entry.text) }
    if !names.isEmpty, found.contains(where: { $0.problem != nil }) { throw ExitCode.failure }
  }

  private static func all() -> [Entry] {
    SoundCards().captureDevices().map { device in
      let links =
        device.paths.map { DeviceName.byPath($0).text }
        + device.serials.map { DeviceName.byID($0).text }
      return Entry(.card(id: device.id, device: device.device), links: links)
    }
  }

  private static func named(_ text: String) throws -> Entry {
    do throws(DeviceName.Problem) {
      return Entry(try DeviceName(text), links: [])
    } catch {
      throw ValidationError(error.description)
    }
  }
}

/// There is nothing to list.
struct NoMicrophone: Error, CustomStringConvertible {
  var description: String {
    "no sound card here can capture: plug in a microphone and try again; if one is plugged in, “cat /proc/asound/cards”"
      + " shows whether the kernel knows it, and a microphone on the board's header needs its overlay loaded."
  }
}

extension Devices {
  /// One device, and what it says about itself.
  private struct Entry {
    let name: DeviceName
    let links: [String]
    var offer: CaptureOffer?
    var problem: OpenProblem?

    init(_ name: DeviceName, links: [String]) {
      self.name = name
      self.links = links
      do throws(OpenProblem) {
        offer = try CaptureOffer.of(name)
      } catch {
        problem = error
      }
    }

    var text: String {
      var lines = [name.text] + links.map { "  \($0)" }
      if let offer {
        let channels = Set([offer.channels.lowerBound, offer.channels.upperBound]).sorted()
        lines.append("  rates     \(offer.rates.map(String.init).joined(separator: " ")) Hz")
        lines.append("  channels  \(channels.map(String.init).joined(separator: "–"))")
        lines.append("  samples   \(offer.bits.map(String.init).joined(separator: " ")) bits")
      }
      if let problem { lines.append("  \(problem)") }
      return lines.joined(separator: "\n")
    }

    var json: JSONValue {
      var object = JSONObject()
      object["device"] = .string(name.text)
      object["links"] = .array(links.map { .string($0) })
      if let offer {
        object["rates_hz"] = .array(offer.rates.map { .integer($0) })
        object["channels_min"] = .integer(offer.channels.lowerBound)
        object["channels_max"] = .integer(offer.channels.upperBound)
        object["bits"] = .array(offer.bits.map { .integer($0) })
      }
      if let problem {
        object["reason"] = .string(problem.reason.token ?? "failed")
        object["message"] = .string(problem.description)
      }
      return .object(object)
    }
  }
}
