import Testing

@testable import Capture

/// A card that offers exactly these combinations.
private final class Offer: ConfigurationSpace {
  struct Combination {
    var rate: Int
    var channels: Int
    var sample: SampleFormat
  }
  private var left: [Combination]

  init(rates: [Int], channels: [Int], samples: [SampleFormat]) {
    left = rates.flatMap { rate in
      channels.flatMap { channels in
        samples.map { Combination(rate: rate, channels: channels, sample: $0) }
      }
    }
  }

  init(_ combinations: [Combination]) { left = combinations }

  private func keep(_ matches: (Combination) -> Bool) -> Bool {
    let matching = left.filter(matches)
    guard !matching.isEmpty else { return false }
    left = matching
    return true
  }

  func restrict(rate: Int) -> Bool { keep { $0.rate == rate } }
  func restrict(channels: Int) -> Bool { keep { $0.channels == channels } }
  func restrict(sample: SampleFormat) -> Bool { keep { $0.sample == sample } }
  var channels: ClosedRange<Int> { left.map(\.channels).min()!...left.map(\.channels).max()! }
  var rates: ClosedRange<Int> { left.map(\.rate).min()!...left.map(\.rate).max()! }
}

@Suite struct NegotiationTests {
  @Test func sixteenKilohertzMonoIsTakenWhereItIsOffered() throws {
    let card = Offer(
      rates: [8000, 16_000, 44_100, 48_000], channels: [1, 2], samples: [.int32, .int16])
    let chosen = try CaptureRequest().choose(from: card, name: "x")
    #expect(chosen == (16_000, 1, .int16))
  }

  @Test func elseTheCardsOwnRateAndChannels() throws {
    let card = Offer(rates: [44_100, 48_000, 96_000], channels: [2], samples: [.int24])
    let chosen = try CaptureRequest().choose(from: card, name: "x")
    #expect(chosen == (48_000, 2, .int24))
  }

  @Test func aRateMayLimitWhatElseThereIs() throws {
    let card = Offer([
      .init(rate: 16_000, channels: 6, sample: .int32),
      .init(rate: 48_000, channels: 1, sample: .int16),
    ])
    #expect(try CaptureRequest().choose(from: card, name: "x") == (16_000, 6, .int32))
  }

  @Test func theFewestChannelsThatIncludeAllThatAreRead() throws {
    let card = Offer(rates: [16_000], channels: [1, 2, 4, 8], samples: [.int16])
    #expect(try CaptureRequest(highestChannel: 2).choose(from: card, name: "x").channels == 4)
  }

  @Test func aChannelBeyondTheLastIsRefused() {
    let card = Offer(rates: [16_000], channels: [1, 2], samples: [.int16])
    #expect(throws: OpenProblem.noSuchChannel(name: "x", channel: 2, channels: 2)) {
      try CaptureRequest(highestChannel: 2).choose(from: card, name: "x")
    }
  }

  @Test func aConfiguredRateIsUsedOrRefused() throws {
    let card = Offer(rates: [16_000, 48_000], channels: [1], samples: [.int16])
    #expect(try CaptureRequest(rate: 48_000).choose(from: card, name: "x").rate == 48_000)
    let other = Offer(rates: [16_000, 48_000], channels: [1], samples: [.int16])
    #expect(throws: OpenProblem.self) {
      try CaptureRequest(rate: 44_100).choose(from: other, name: "x")
    }
  }

  @Test func ratesThatCannotBeResampledAreRefused() {
    let card = Offer(rates: [5512, 6000], channels: [1], samples: [.int16])
    #expect(throws: OpenProblem.self) { try CaptureRequest().choose(from: card, name: "x") }
  }

  @Test func cardsWithoutSignedSamplesAreRefused() {
    #expect(throws: OpenProblem.self) { try CaptureRequest().choose(from: NoFormats(), name: "x") }
  }

  private final class NoFormats: ConfigurationSpace {
    func restrict(rate: Int) -> Bool { true }
    func restrict(channels: Int) -> Bool { true }
    func restrict(sample: SampleFormat) -> Bool { false }
    var channels: ClosedRange<Int> { 1...2 }
    var rates: ClosedRange<Int> { 8000...48_000 }
  }
}
