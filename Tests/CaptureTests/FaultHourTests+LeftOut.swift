import Testing

@testable import Capture

/// Sound that a device leaves out and says nothing of.
extension FaultHourTests {
  @Test func soundLeftOutInSmallPieces() throws {
    // What is missing since it was last told is no more than any jitter.
    let sound = Self.sound(1)
    let hour = try FaultHour(
      sound[..<3] + [.pass(milliseconds: 200)] + sound[3...], withinMs: 260)
    #expect(hour.rounds == 3000)
    hour.expectSoundLeftOut((200 * hour.rounds - 459)...)
  }
}
