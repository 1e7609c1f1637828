import SoundDevices
import Testing

@testable import Capture

/// A card that offers exactly these combinations, and accepts those that it does not refuse.
final class Offer: ConfigurationSpace {
  struct Combination {
    var rate: Int
    var channels: Int
    var sample: SampleFormat
  }
  private var left: [Combination]
  /// What becomes of an attempt to use a rate and a format.
  var refusal: (Int, SampleFormat) -> OpenProblem? = { _, _ in nil }

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

  func commit(rate: Int) throws(OpenProblem) -> (period: Int, buffer: Int) {
    if let problem = refusal(rate, left[0].sample) { throw problem }
    return (rate / 50, rate / 2)
  }
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

  /// What is taken into use of a card that refuses in the end what `refusal` says.
  private func configured(
    _ request: CaptureRequest = CaptureRequest(),
    refusing refusal: @escaping (Int, SampleFormat) -> OpenProblem?
  ) throws(OpenProblem) -> StreamFormat {
    try request.configure(name: "x") { () throws(OpenProblem) in
      let offer = Offer(rates: [16_000, 44_100, 48_000], channels: [2], samples: [.int16, .int32])
      offer.refusal = refusal
      return offer
    }
  }

  private let refused = OpenProblem.unusable(name: "x", reason: "Invalid argument")

  @Test func aRateThatIsOfferedAndRefusedFallsBackToOneThatIsResampled() throws {
    let format = try configured { [refused] rate, _ in rate == 44_100 ? nil : refused }
    #expect(
      format
        == StreamFormat(rate: 44_100, channels: 2, sample: .int16, period: 882, buffer: 22_050))
  }

  @Test func aFormatThatIsOfferedAndRefusedFallsBackToAnother() throws {
    let format = try configured { [refused] _, sample in sample == .int16 ? refused : nil }
    #expect(format.sample == .int32)
    #expect(format.rate == 16_000)
  }

  @Test func whereAllIsRefusedTheFirstRefusalIsSaid() {
    #expect(throws: OpenProblem.unusable(name: "x", reason: "at 16000 Hz")) {
      try configured { rate, _ in .unusable(name: "x", reason: "at \(rate) Hz") }
    }
  }

  @Test func aConfiguredRateThatIsRefusedIsNotReplaced() {
    #expect(throws: refused) {
      try configured(CaptureRequest(rate: 48_000)) { [refused] rate, _ in
        rate == 48_000 ? refused : nil
      }
    }
  }

  @Test(arguments: [OpenProblem.busy(name: "x"), .notThere(name: "x")])
  func aCardThatIsTakenOrLeavesMeanwhileIsNotTriedOn(problem: OpenProblem) {
    var attempts = 0
    #expect(throws: problem) {
      try configured { _, _ in
        attempts += 1
        return problem
      }
    }
    #expect(attempts == 1)
  }

  private final class NoFormats: ConfigurationSpace {
    func restrict(rate: Int) -> Bool { true }
    func restrict(channels: Int) -> Bool { true }
    func restrict(sample: SampleFormat) -> Bool { false }
    var channels: ClosedRange<Int> { 1...2 }
    var rates: ClosedRange<Int> { 8000...48_000 }
    func commit(rate: Int) throws(OpenProblem) -> (period: Int, buffer: Int) { (1, 2) }
  }
}
