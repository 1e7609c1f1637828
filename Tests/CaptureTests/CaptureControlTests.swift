import Testing

@testable import Capture

/// The mixer of a PCM is that of its card, whatever the PCM does with the card's sound.
@Suite struct CaptureControlTests {
  @Test(arguments: [
    ("hw:1,0", "hw:1"), ("hw:CARD=Device,DEV=0", "hw:Device"),
    ("hw:DEV=0,CARD=Device", "hw:Device"),
    ("plughw:Device", "hw:Device"), ("plughw:0", "hw:0"), ("dsnoop:Device", "hw:Device"),
    ("dsnoop:CARD=Device,DEV=0", "hw:Device"), ("sysdefault:CARD=Device", "hw:Device"),
    ("front:Device", "hw:Device"), ("plug:'dsnoop:Device,1'", "hw:Device"),
    ("plug:SLAVE=\"hw:2\"", "hw:2"), ("plug:plughw:3,0", "hw:3"), ("hw:DEV=1", "hw"),
  ])
  func isThatOfTheCardThatLibasoundsNamesName(pcm: String, mixer: String) {
    #expect(CaptureControl.mixerName(of: pcm) == mixer)
  }

  @Test(arguments: ["mic", "default", "array:left,right", "plug:mic"])
  func isOneBesideANameOfSomebodysOwn(pcm: String) {
    #expect(CaptureControl.mixerName(of: pcm) == pcm.replacing("plug:", with: ""))
  }
}
