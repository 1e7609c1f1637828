import FixedPoint

/// The code and state of one operator, whatever its kind.
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

  /// Writes what is derived from the weights, once.
  func prepare() {
    switch self {
    case .convolution(let kernel): kernel.prepare()
    case .dense(let kernel): kernel.prepare()
    case .lstm(let kernel): kernel.prepare()
    case .logits(let kernel): kernel.prepare()
    case .maxPooling, .affine, .addition, .concatenation, .attentionPooling, .meanPooling,
      .statisticsPooling, .globalMaxPooling:
      break
    }
  }

  /// Puts first values into the state of a context.
  func restart() {
    switch self {
    case .convolution(let kernel): kernel.restart()
    case .maxPooling(let kernel): kernel.restart()
    case .lstm(let kernel): kernel.restart()
    case .attentionPooling(let kernel): kernel.restart()
    case .meanPooling(let kernel): kernel.restart()
    case .statisticsPooling(let kernel): kernel.restart()
    case .globalMaxPooling(let kernel): kernel.restart()
    case .dense, .affine, .addition, .concatenation, .logits: break
    }
  }

  /// Takes `count` rows of the first input (and as many of the others) and says how many it made.
  func push(_ count: Int) -> Int {
    switch self {
    case .convolution(let kernel): return kernel.push(count)
    case .maxPooling(let kernel): return kernel.push(count)
    case .dense(let kernel): return kernel.push(count)
    case .lstm(let kernel): return kernel.push(count)
    case .affine(let kernel): return kernel.push(count)
    case .addition(let kernel): return kernel.push(count)
    case .concatenation(let kernel): return kernel.push(count)
    case .attentionPooling(let kernel): kernel.push(count)
    case .meanPooling(let kernel): kernel.push(count)
    case .statisticsPooling(let kernel): kernel.push(count)
    case .globalMaxPooling(let kernel): kernel.push(count)
    case .logits: break
    }
    return 0
  }

  /// Makes the one row of a decision; the last kernel writes it to `logits`.
  func decide(into logits: UnsafeMutablePointer<Int32>) {
    switch self {
    case .attentionPooling(let kernel): kernel.finish()
    case .meanPooling(let kernel): kernel.finish()
    case .statisticsPooling(let kernel): kernel.finish()
    case .globalMaxPooling(let kernel): kernel.finish()
    case .logits(let kernel): kernel.decide(into: logits)
    case .convolution, .maxPooling, .dense, .lstm, .affine, .addition, .concatenation:
      _ = push(1)
    }
  }
}
