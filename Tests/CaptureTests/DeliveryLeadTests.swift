import Testing

@testable import Capture

/// What is taken for a source without a clock, and what is not.
@Suite struct DeliveryLeadTests {
  /// A lead of a device with half a second of buffer.
  private var lead = DeliveryLead(buffer: 500_000_000, at: 0)

  @Test mutating func aReaderWhoComesLateFindsABufferAtMost() {
    for round in 1...1000 {
      for _ in 0..<25 { lead.hear(20_000_000, at: Int64(round) * 500_000_000) }
      #expect(!lead.isTooLong)
    }
  }

  @Test mutating func aCrystalThatIsFastStaysACard() {
    // One part in a thousand, for a day.
    for period in 1...4_320_000 { lead.hear(20_020_000, at: Int64(period) * 20_000_000) }
    #expect(!lead.isTooLong)
  }

  @Test mutating func soundThatTakesNoTimeIsNoCards() {
    var heard: Int64 = 0
    while !lead.isTooLong, heard < 10_000_000_000 {
      lead.hear(20_000_000, at: 0)
      heard += 20_000_000
    }
    #expect(heard == 1_520_000_000, "a buffer, the allowance, and a period too much")
  }

  @Test mutating func afterQuietHoursSoundThatTakesNoTimeIsNoticedAsSoon() {
    lead.hear(20_000_000, at: 36_000_000_000_000)
    for _ in 0..<76 { lead.hear(20_000_000, at: 36_000_000_000_000) }
    #expect(lead.isTooLong)
  }
}
