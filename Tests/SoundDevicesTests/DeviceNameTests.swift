import Testing

@testable import SoundDevices

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
