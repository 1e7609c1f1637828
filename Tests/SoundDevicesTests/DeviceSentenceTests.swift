import SoundDevices
import Testing

@Suite struct DeviceSentenceTests {
  private func sentences(_ device: DeviceName) -> [String?] {
    [DeviceState.silent, .stuck, .clipping].map { $0.sentence(for: .none, of: device) }
  }

  @Test(arguments: [
    DeviceName.auto, .card(id: "Device", device: 0), .byPath("pci-0000"), .pcm("mic"),
    .pcm("wav:x"),
  ]) func aMicrophoneIsToBeMended(device: DeviceName) {
    let name = device.text
    #expect(
      sentences(device) == [
        "every sample of \(name) is zero; unmute it or plug it in",
        "every sample of \(name) is the same; its converter is broken",
        "\(name) is often at full scale; lower its capture gain",
      ])
  }

  @Test(arguments: [DeviceName.wave(path: "call.wav"), .fastWave(path: "/calls/1.wav")])
  func aRecordingIsAsItIs(device: DeviceName) {
    let name = device.text
    #expect(
      sentences(device) == [
        "every sample of \(name) is zero; nothing was recorded",
        "every sample of \(name) is the same; nothing was recorded",
        "\(name) is often at full scale; it was recorded too loud",
      ])
  }

  @Test func whatAnotherProgramWritesIsToBeMendedThere() {
    #expect(
      sentences(.standardInput) == [
        "every sample of stdin is zero; look at what writes it",
        "every sample of stdin is the same; look at what writes it",
        "stdin is often at full scale; lower the gain where it comes from",
      ])
  }
}
