import TestSupport
import Testing

@testable import SoundDevices

@Suite struct SoundCardsTests {
  private let machine = Machine()
  private var cards: SoundCards { SoundCards(root: machine.root) }

  @Test func anEmptyMachineHasNoCard() {
    #expect(cards.captureDevices().isEmpty)
    #expect(throws: OpenProblem.noCard) { try cards.pcmName(of: .auto) }
  }

  @Test func autoIsTheOnlyCardThatCanCapture() throws {
    machine.add(card: 0, id: "vc4hdmi", devices: ["0p"])
    machine.add(card: 2, id: "Device", devices: ["0p", "0c"])
    #expect(try cards.pcmName(of: .auto) == "hw:2,0")
  }

  @Test func autoRefusesToGuessBetweenCards() {
    machine.add(card: 0, id: "PCH", devices: ["0c", "2c"])
    machine.add(card: 1, id: "Device", devices: ["0c"])
    #expect(throws: OpenProblem.severalCards(["PCH", "PCH,2", "Device"])) {
      try cards.pcmName(of: .auto)
    }
  }

  @Test func equalCardsAreToldApartByPathAndSerial() throws {
    machine.add(card: 0, id: "Device", devices: ["0c"], path: "usb-0:1.2", serial: "usb-A")
    machine.add(card: 1, id: "Device_1", devices: ["0c"], path: "usb-0:1.3", serial: "usb-B")
    #expect(try cards.pcmName(of: .byPath("usb-0:1.3")) == "hw:1,0")
    #expect(try cards.pcmName(of: .byID("usb-A")) == "hw:0,0")
    #expect(try cards.pcmName(of: .card(id: "Device_1", device: 0)) == "hw:1,0")
    #expect(throws: OpenProblem.notThere(name: "by-path:usb-0:1.4")) {
      try cards.pcmName(of: .byPath("usb-0:1.4"))
    }
  }

  @Test func theListNamesEverythingByWhichADeviceCanBeConfigured() {
    machine.add(card: 1, id: "Device", devices: ["0p", "0c", "1c"], path: "p", serial: "s")
    #expect(
      cards.captureDevices() == [
        CaptureDevice(card: 1, device: 0, id: "Device", paths: ["p"], serials: ["s"]),
        CaptureDevice(card: 1, device: 1, id: "Device", paths: ["p"], serials: ["s"]),
      ])
    #expect(cards.captureDevices().map(\.name) == ["Device", "Device,1"])
  }
}
