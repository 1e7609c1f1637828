import SoundDevices
import Testing

@testable import Capture

@Suite struct InputHealthTests {
  private func states(_ blocks: [[Int16]], rate: Int = 100) -> [DeviceState] {
    var health = InputHealth(rate: rate)
    return blocks.map { health.examine($0, count: $0.count).0 }
  }

  private func seconds(_ count: Int, _ sample: (Int) -> Int16) -> [Int16] {
    (0..<count * 100).map(sample)
  }

  @Test func zerosForTenSecondsAreSilence() {
    #expect(states([seconds(9) { _ in 0 }, seconds(2) { _ in 0 }]) == [.running, .silent])
  }

  @Test func oneSampleEndsSilence() {
    #expect(states([seconds(11) { _ in 0 }, [1]]) == [.silent, .running])
  }

  @Test func aConstantForTwoSecondsIsStuck() {
    #expect(states([seconds(3) { _ in -700 }, [-701]]) == [.stuck, .running])
  }

  @Test func fullScaleOnceInAWhileIsNotClipping() {
    let loud = seconds(1) { $0 == 3 ? .max : Int16($0) }
    let clipped = seconds(1) { $0 % 10 == 0 ? .min : Int16($0) }
    #expect(states([loud, clipped]) == [.running, .clipping])
  }

  @Test func clippingIsOverAfterTenSecondsWithout() {
    let clipped = seconds(1) { $0 % 10 == 0 ? .min : Int16($0) }
    let quiet = [[Int16]](repeating: seconds(1) { Int16($0) }, count: 10)
    #expect(
      states([clipped] + quiet + [clipped])
        == [DeviceState](repeating: .clipping, count: 10) + [.running, .clipping])
  }
}
