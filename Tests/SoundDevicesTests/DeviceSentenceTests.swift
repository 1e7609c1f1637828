import SoundDevices
import Testing

@Suite struct DeviceSentenceTests {
  private func sentence(_ state: DeviceState, _ name: String) -> String? {
    state.sentence(for: .none, of: name)
  }

  @Test(arguments: ["Device", "by-path:pci-0000", "pcm:mic", "microphone 2"])
  func aMicrophoneIsToBeMended(name: String) {
    #expect(sentence(.silent, name) == "every sample of \(name) is zero; unmute it or plug it in")
    #expect(
      sentence(.stuck, name) == "every sample of \(name) is the same; its converter is broken")
    #expect(
      sentence(.clipping, name) == "\(name) is often at full scale; lower its capture gain")
  }

  @Test(arguments: ["wav:call.wav", "wav-fast:/calls/1.wav", "stdin"])
  func aRecordingHasNoGainToLower(name: String) {
    #expect(
      sentence(.silent, name) == "every sample of \(name) is zero; look at where it comes from")
    #expect(
      sentence(.stuck, name) == "every sample of \(name) is the same; look at where it comes from")
    #expect(
      sentence(.clipping, name) == "\(name) is often at full scale; it was recorded too loud")
  }
}
