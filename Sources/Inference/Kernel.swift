/// The code and state of one operator of any kind.
enum Kernel: BitwiseCopyable {
  case convolution(Convolution)
  case maxPooling(MaxPooling)
  case dense(Dense)
  case lstm(LSTM)
  case affine(Affine)
  case addition(Addition)
  case concatenation(Concatenation)
  case attentionPooling(AttentionPooling)
  case meanPooling(MeanPooling)
  case statisticsPooling(StatisticsPooling)
  case globalMaxPooling(GlobalMaxPooling)
  case logits(Logits)
  case window(Window)
  case planeConvolution(PlaneConvolution)
  case depthwiseConvolution(DepthwiseConvolution)
  case planePooling(PlanePooling)
  case packing(Packing)
  case lastRow(LastRow)
  case simpleRNN(SimpleRNN)
  case centring(Centring)

  /// Writes data derived from the weights, once.
  func prepare() {
    switch self {
    case .convolution(let kernel): kernel.prepare()
    case .dense(let kernel): kernel.prepare()
    case .lstm(let kernel): kernel.prepare()
    case .logits(let kernel): kernel.prepare()
    case .planeConvolution(let kernel): kernel.prepare()
    case .simpleRNN(let kernel): kernel.prepare()
    default: break
    }
  }

  /// Initializes the state of a context; what is known of the talker stays.
  func restart() {
    switch self {
    case .convolution(let kernel): kernel.restart()
    case .maxPooling(let kernel): kernel.restart()
    case .lstm(let kernel): kernel.restart()
    case .attentionPooling(let kernel): kernel.restart()
    case .meanPooling(let kernel): kernel.restart()
    case .statisticsPooling(let kernel): kernel.restart()
    case .globalMaxPooling(let kernel): kernel.restart()
    case .window(let kernel): kernel.restart()
    case .lastRow(let kernel): kernel.restart()
    case .simpleRNN(let kernel): kernel.restart()
    default: break
    }
  }

  /// Takes `count` rows of the first input (and as many of the others), beginning with row `first`,
  /// and returns how many it computed.
  func push(_ count: Int, from first: Int = 0) -> Int {
    switch self {
    case .convolution(let kernel): return kernel.push(count)
    case .maxPooling(let kernel): return kernel.push(count)
    case .dense(let kernel): return kernel.push(count, from: first)
    case .lstm(let kernel): return kernel.push(count, from: first)
    case .simpleRNN(let kernel): return kernel.push(count, from: first)
    case .affine(let kernel): return kernel.push(count, from: first)
    case .addition(let kernel): return kernel.push(count, from: first)
    case .concatenation(let kernel): return kernel.push(count, from: first)
    case .attentionPooling(let kernel): kernel.push(count, from: first)
    case .meanPooling(let kernel): kernel.push(count, from: first)
    case .statisticsPooling(let kernel): kernel.push(count, from: first)
    case .globalMaxPooling(let kernel): kernel.push(count, from: first)
    case .lastRow(let kernel): kernel.push(count, from: first)
    case .window(let kernel): kernel.push(count)
    case .logits, .planeConvolution, .depthwiseConvolution, .planePooling, .packing, .centring:
      break
    }
    return 0
  }

  /// Computes what exists once per decision from the input's `rows` rows or, if zero, from what was
  /// pushed along time; the last kernel writes it to `logits`.
  func decide(rows: Int, into logits: UnsafeMutablePointer<Int32>) {
    if rows > 0 { restart() }
    var first = 0
    while first < rows {
      let count = min(Graph.maximumRows, rows &- first)
      _ = push(count, from: first)
      first &+= count
    }
    switch self {
    case .attentionPooling(let kernel): kernel.finish()
    case .meanPooling(let kernel): kernel.finish()
    case .statisticsPooling(let kernel): kernel.finish()
    case .globalMaxPooling(let kernel): kernel.finish()
    case .logits(let kernel): kernel.decide(into: logits)
    case .window(let kernel): kernel.finish()
    case .lastRow(let kernel): kernel.finish()
    case .planeConvolution(let kernel): kernel.run()
    case .depthwiseConvolution(let kernel): kernel.run()
    case .planePooling(let kernel): kernel.run()
    case .packing(let kernel): kernel.run()
    case .centring(let kernel): kernel.run()
    case .convolution, .maxPooling, .dense, .lstm, .simpleRNN, .affine, .addition, .concatenation:
      break
    }
  }

  /// Ends a context of `frames` frames with the last decision.
  func endContext(frames: Int32) {
    if case .centring(let kernel) = self { kernel.endContext(frames: frames) }
  }

  /// Ends a segment.
  func endSegment(isRemembered: Bool) {
    if case .centring(let kernel) = self { kernel.endSegment(isRemembered: isRemembered) }
  }

  /// Initializes the state of a talker.
  func forgetTalker() {
    if case .centring(let kernel) = self { kernel.forgetTalker() }
  }
}
