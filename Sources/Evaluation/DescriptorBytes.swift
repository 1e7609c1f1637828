import Glibc

/// All that can still be read from `descriptor`; nil when the system refuses, for the reason in
/// `errno`.
public func allBytes(of descriptor: Int32) -> [UInt8]? {
  var bytes: [UInt8] = []
  var block = [UInt8](repeating: 0, count: 1 << 16)
  while true {
    let count = read(descriptor, &block, block.count)
    if count < 0, errno == EINTR { continue }
    guard count >= 0 else { return nil }
    guard count > 0 else { return bytes }
    bytes += block[..<count]
  }
}
