import Glibc
import Testing

@testable import Service

@Suite struct EventLoopTests {
  @Test func callsWhatIsReadyAndStops() throws {
    let loop = try EventLoop()
    var ends: [Int32] = [0, 0]
    #expect(pipe(&ends) == 0)
    var order: [String] = []
    try loop.onReadable(ends[0]) {
      var byte: UInt8 = 0
      _ = read(ends[0], &byte, 1)
      order.append("read")
    }
    try loop.every(milliseconds: 5) {
      order.append("tick")
      if order.filter({ $0 == "tick" }).count == 3 { loop.stop() }
    }
    var byte: UInt8 = 1
    _ = write(ends[1], &byte, 1)
    try loop.run()
    #expect(order.filter { $0 == "read" }.count == 1)
    #expect(order.filter { $0 == "tick" }.count == 3)
    close(ends[0])
    close(ends[1])
  }
}
