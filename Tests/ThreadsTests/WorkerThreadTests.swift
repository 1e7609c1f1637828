import Foundation
import Synchronization
import Testing

@testable import Threads

/// A thread that handles sound leaves none of it behind.
@Suite struct WorkerThreadTests {
  /// The flags that the kernel has for the mapping that an address lies in; nil where nothing is.
  private static func flags(of address: UInt) throws -> [Substring]? {
    // In pieces, to its end: the file says that it has no length.
    let file = try #require(FileHandle(forReadingAtPath: "/proc/self/smaps"))
    let smaps = try String(decoding: #require(try file.readToEnd()), as: UTF8.self)
    var isThere = false
    for line in smaps.split(separator: "\n") {
      if let range = line.firstMatch(of: #/^([0-9a-f]+)-([0-9a-f]+) /#) {
        let start = try #require(UInt(range.1, radix: 16))
        let end = try #require(UInt(range.2, radix: 16))
        isThere = (start..<end).contains(address)
      } else if isThere, line.hasPrefix("VmFlags:") {
        return line.split(separator: " ").dropFirst().map { $0 }
      }
    }
    return nil
  }

  private static let mark: UInt8 = 0xA7

  /// How many marks lie at an address, whether it is mapped or not.
  private static func marks(at address: UInt) -> Int {
    let memory = open("/proc/self/mem", O_RDONLY | O_CLOEXEC)
    defer { close(memory) }
    var bytes = [UInt8](repeating: 0, count: 64)
    let count = pread(memory, &bytes, bytes.count, Int(address))
    return bytes.prefix(max(0, count)).count { $0 == mark }
  }

  @Test func itsStackIsNeitherSwappedOutNorDumpedAndIsGoneWithIt() throws {
    let place = Atomic<UInt>(0)
    let mayEnd = DispatchSemaphore(value: 0)
    let isThere = DispatchSemaphore(value: 0)
    let worker = WorkerThread("worker") {
      withUnsafeTemporaryAllocation(byteCount: 64, alignment: 16) {
        $0.initializeMemory(as: UInt8.self, repeating: Self.mark)
        place.store(UInt(bitPattern: $0.baseAddress), ordering: .releasing)
        isThere.signal()
        mayEnd.wait()
      }
    }
    isThere.wait()
    let address = place.load(ordering: .acquiring)
    let flags = try #require(try Self.flags(of: address))
    #expect(Self.marks(at: address) == 64)
    mayEnd.signal()
    worker.join()
    #expect(flags.contains("dd"), "\(flags)")
    let locked = LockedMemory(count: 1 << 19)
    #expect(flags.contains("lo") || !locked.isLocked, "\(flags)")
    #expect(Self.marks(at: address) == 0)
  }

  @Test func belowItsStackIsNothingThatItCouldOverwrite() throws {
    let stack = ThreadStack(count: 100_000)
    #expect(stack.size >= 100_000)
    memset(stack.base, 1, stack.size)
    let below = try #require(try Self.flags(of: UInt(bitPattern: stack.base) - 1))
    #expect(!below.contains("rd") && !below.contains("wr"), "\(below)")
  }
}
