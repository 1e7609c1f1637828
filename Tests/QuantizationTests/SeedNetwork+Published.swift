extension SeedNetwork {
  /// The published networks, by the names of their systems.
  static let all: [SeedNetwork] = [
    // CREMA-D: Conv1D and LSTM over MFCC; then with the speaker's sex in the classes.
    hybrid("S0a", classes: 6), hybrid("S0c", classes: 12),
    // CREMA-D: a spectrogram as an image.
    SeedNetwork("S0b", features: 40, classes: 6).window(128).image()
      .conv2D(16, kernel: 3).relu().maxPool2D(2).conv2D(32, kernel: 3).relu().maxPool2D(2)
      .conv2D(32, kernel: 3).batchNorm().relu().maxPool2D(2).flatten().dense(64).relu(),
    // TESS: convolutions over MFCC, zero-padded to a fixed length.
    SeedNetwork("S1a", features: 40, classes: 7).window(100)
      .conv(32, kernel: 3).relu().maxPool(2).batchNorm().conv(32, kernel: 3).relu().maxPool(2)
      .batchNorm().conv(32, kernel: 3, padding: "valid").relu().flatten().dense(64).relu(),
    // TESS: two LSTM layers, the first of which returns its sequence.
    SeedNetwork("S1b", features: 40, classes: 7).window(100).lstm(64).lstm(32).last()
      .dense(32).relu(),
    // TESS: a convolution, then an LSTM, flattened.
    SeedNetwork("S1c", features: 40, classes: 7).window(100).conv(64, kernel: 3).relu()
      .maxPool(2).lstm(32).flatten().dense(64).relu(),
    // RAVDESS: blocks with normalization, then an LSTM, along with the stream.
    SeedNetwork("S2", features: 40, classes: 8)
      .conv(64, kernel: 5, padding: "causal").relu().batchNorm().maxPool(2)
      .conv(96, kernel: 5, padding: "causal").relu().batchNorm().maxPool(2).lstm(64).last()
      .dense(32).relu(),
    // CREMA-D: a simple recurrent layer of 256 units.
    SeedNetwork("S3a", features: 40, classes: 6).window(150).simpleRNN(256).last()
      .dense(128).relu().dense(64).relu(),
    // CREMA-D: LSTM, convolution and dense layers.
    SeedNetwork("S3b", features: 40, classes: 6).window(150).lstm(64).conv(64, kernel: 3)
      .relu().maxPool(2).flatten().dense(64).relu(),
  ]

  private static func hybrid(_ name: String, classes: Int) -> SeedNetwork {
    SeedNetwork(name, features: 40, classes: classes).window(200)
      .conv(64, kernel: 5).relu().maxPool(2).batchNorm().conv(96, kernel: 5).relu().maxPool(2)
      .batchNorm().lstm(64).attention().dense(64).relu()
  }

  /// The four corpora together: 108 frames of 22 features as one sequence of 2376 values.
  static var s4: SeedNetwork {
    var network = SeedNetwork("S4", features: 22, classes: 7).window(108)
      .pack(single: 2, together: 20)
    for (outputs, kernel) in [(512, 5), (512, 5), (256, 5), (256, 3), (128, 3)] {
      network = network.conv(outputs, kernel: kernel).relu().batchNorm().maxPool(2, ceil: true)
    }
    return network.flatten().dense(512).relu().batchNorm()
  }
}
