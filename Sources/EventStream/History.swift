/// The last lines published, in memory that is allocated once.
///
/// Lines lie one after another in a ring of bytes, each contiguous; a second ring says where each
/// begins and who may want it. A new line overwrites the oldest ones. Clients have no copies: each
/// has a position in the ring, and one that reads too slowly is overtaken by the oldest line (see
/// `EventServer`).
struct History: ~Copyable {
  private struct Record {
    var offset: Int
    var length: Int
    var traits: EventTraits
  }

  private let bytes: UnsafeMutableRawBufferPointer
  private var records: [Record?]
  private var writeOffset = 0
  /// The sequence number of the oldest line held; one more than `lastSequence` when none is.
  private(set) var firstSequence = 1
  /// The sequence number of the newest line.
  private(set) var lastSequence = 0

  /// An empty history of `capacity` bytes, at least two lines of maximum length.
  init(capacity: Int) {
    let capacity = max(capacity, 2 * LineEncoder.maximumLength)
    bytes = .allocate(byteCount: capacity, alignment: 64)
    // No line is shorter than its common members, some 150 bytes.
    records = Array(repeating: nil, count: capacity / 128)
  }

  deinit { bytes.deallocate() }

  /// How many lines are held.
  var count: Int { lastSequence - firstSequence + 1 }

  /// Stores `line` and its `\n` under the next sequence number; calls `evicting` for each line
  /// overwritten.
  mutating func append(
    _ line: [UInt8], _ traits: EventTraits, evicting: (Int, EventTraits) -> Void
  ) {
    let length = line.count + 1
    precondition(length <= LineEncoder.maximumLength, "a line has at most 4096 bytes")
    if writeOffset + length > bytes.count {
      while count > 0, record(firstSequence).offset >= writeOffset { evictFirst(evicting) }
      writeOffset = 0
    }
    while count > 0, overlapsFirst(length) || count == records.count { evictFirst(evicting) }
    let place = UnsafeMutableRawBufferPointer(rebasing: bytes[writeOffset..<writeOffset + length])
    place.copyBytes(from: line)
    place[length - 1] = UInt8(ascii: "\n")
    lastSequence += 1
    records[lastSequence % records.count] = Record(
      offset: writeOffset, length: length, traits: traits)
    writeOffset += length
  }

  /// Overwrites the lines that `isMeant` selects with zeros, and marks them as forgotten.
  mutating func forget(where isMeant: (EventTraits) -> Bool) {
    for sequence in firstSequence..<lastSequence + 1 where isMeant(traits(sequence)) {
      let record = record(sequence)
      let line = bytes[record.offset..<record.offset + record.length]
      UnsafeMutableRawBufferPointer(rebasing: line).initializeMemory(as: UInt8.self, repeating: 0)
      records[sequence % records.count]?.traits.isForgotten = true
    }
  }

  /// The traits of line `sequence`, which must be held.
  func traits(_ sequence: Int) -> EventTraits { record(sequence).traits }

  /// The bytes of line `sequence`, which must be held, with their `\n`. Valid until the next
  /// `append`.
  func line(_ sequence: Int) -> UnsafeRawBufferPointer {
    let record = record(sequence)
    return UnsafeRawBufferPointer(rebasing: bytes[record.offset..<record.offset + record.length])
  }

  private func record(_ sequence: Int) -> Record { records[sequence % records.count]! }

  private func overlapsFirst(_ length: Int) -> Bool {
    let first = record(firstSequence)
    return first.offset < writeOffset + length && writeOffset < first.offset + first.length
  }

  private mutating func evictFirst(_ evicting: (Int, EventTraits) -> Void) {
    evicting(firstSequence, record(firstSequence).traits)
    records[firstSequence % records.count] = nil
    firstSequence += 1
  }
}
