import FixedPoint

/// Maximum over a window of rows, channel by channel; the grid is unchanged.
struct MaxPooling: BitwiseCopyable {
  private let history: History
  private let input: UnsafePointer<Int8>
  private let output: UnsafeMutablePointer<Int8>
  private let kernel: Int
  private let stride: Int

  init(_ step: Operator, in program: Program, plan: RowPlan, arena: inout Arena) {
    let from = program.tensors[Int(step.inputs[0])]
    kernel = Int(step.kernel)
    stride = Int(step.stride)
    history = History(
      past: kernel - 1, channels: Int(from.channels), first: kernel - 1, stride: stride,
      arena: &arena)
    input = UnsafePointer(plan.rows(step.inputs[0]))
    output = plan.rows(step.output)
  }

  /// The history's initial contents do not matter: no window reaches before the context.
  func restart() { history.restart(zeroPoint: 0) }

  /// Takes `count` rows, computes the outputs whose window they complete, and returns their number.
  func push(_ count: Int) -> Int {
    history.append(input, count: count)
    let channels = history.channels
    var outputs = 0
    var row = history.firstDue()
    while row < count {
      let window = history.window(row)
      let maxima = output + outputs &* channels
      maxima.copy(from: window, count: channels)
      for earlier in 1..<max(kernel, 1) {
        let values = window + earlier &* channels
        for channel in 0..<channels {
          maxima[channel] = max(maxima[channel], values[channel])
        }
      }
      outputs &+= 1
      row &+= stride
    }
    history.advance(count: count, outputs: outputs)
    return outputs
  }
}
