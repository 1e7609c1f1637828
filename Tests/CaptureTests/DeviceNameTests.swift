import Testing

@testable import Capture

@Suite struct DeviceNameTests {
  @Test(arguments: [
    ("auto", DeviceName.auto), ("Device", .card(id: "Device", device: 0)),
    ("Device,2", .card(id: "Device", device: 2)), ("by-path:pci-0000:00", .byPath("pci-0000:00")),
    ("by-id:usb-Blue_Yeti", .byID("usb-Blue_Yeti")), ("pcm:mic", .pcm("mic")),
    ("hw:1,0", .pcm("hw:1,0")), ("hw:CARD=USB,DEV=0", .pcm("hw:CARD=USB,DEV=0")),
    ("wav:/tmp/a b.wav", .wave(path: "/tmp/a b.wav")), ("wav-fast:x", .fastWave(path: "x")),
    ("stdin", .standardInput),
  ])
  func everyFormIsReadAndWrittenBack(text: String, name: DeviceName) throws {
    #expect(try DeviceName(text) == name)
    #expect(try DeviceName(name.text) == name)
  }

  @Test func namesThatNameNothingAreRefused() {
    #expect(throws: DeviceName.Problem.empty) { try DeviceName("") }
    #expect(throws: DeviceName.Problem.nothingAfter(prefix: "wav:")) { try DeviceName("wav:") }
    #expect(throws: DeviceName.Problem.badDeviceNumber("USB,x")) { try DeviceName("USB,x") }
    #expect(throws: DeviceName.Problem.badDeviceNumber(",1")) { try DeviceName(",1") }
    #expect(throws: DeviceName.Problem.badDeviceNumber("USB,-1")) { try DeviceName("USB,-1") }
  }

  @Test(arguments: [
    "by-pth:pci-0", "by_id:usb", "wave-fast:x", "WAV:x.wav", "file:x", ":x", "PCM:mic",
  ])
  func aMisspeltPrefixIsRefusedAndNotTakenForALibrarysName(text: String) {
    #expect(throws: DeviceName.Problem.unknownPrefix(text)) { try DeviceName(text) }
  }

  @Test(arguments: ["USB Microphone", "Device\n", "ABCDEFGHIJKLMNOP", "Gerät", "a/b", "../x"])
  func whatCanBeNoCardIsRefused(text: String) {
    #expect(throws: DeviceName.Problem.badCardID(text)) { try DeviceName(text) }
    #expect(throws: DeviceName.Problem.badCardID(text)) { try DeviceName("\(text),1") }
  }
}

extension DeviceNameTests {
  @Test(arguments: ["0", "1", "12"])
  func aCardsNumberIsRefusedBecauseNoCardKeepsIt(text: String) {
    #expect(throws: DeviceName.Problem.cardNumber(text)) { try DeviceName(text) }
    #expect(throws: DeviceName.Problem.cardNumber(text)) { try DeviceName("\(text),0") }
    #expect(throws: Never.self) { try DeviceName("pcm:hw:\(text)") }
  }
}

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
