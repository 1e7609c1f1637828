/// What an operator computes, and the contents of its parameter block.
///
/// x are real values. "Block" is the operator's part of the weights section, starting at
/// `Operator.parameters`; every array in it starts at a multiple of 64 bytes, in the order given
/// here. The named types define the exact layout.
public enum OperatorKind: UInt32, Sendable {
  /// Causal convolution over time: row j of the output sees input rows j·stride − i·dilation, i =
  /// kernel−1 … 0; rows before the context are real zero. Output rate = stride · input rate.
  ///
  /// Block: one matrix (`MatrixLayout`) of `channels out` × `kernel · channels in`; the depth index
  /// is `tap · channels + channel`, tap 0 the oldest.
  case conv1D = 1
  /// Maximum over `kernel` rows, every `stride` rows, counted from the context's first; a partial
  /// window at the end is dropped. Output rate = stride · input rate. Same grid in and out. No
  /// block.
  case maxPool1D = 2
  /// A matrix times each row, or times the one row of a decision. Block: one matrix of
  /// `channels out` × `channels in`.
  case dense = 3
  /// Long short-term memory over all rows, one row out for each in. Gates in order input, forget,
  /// cell, output.
  ///
  /// Block (`RecurrentLayout` with four gates): the matrix of the input, 4·hidden × `channels in`;
  /// the recurrent one, 4·hidden × hidden; an `LSTMConstants` record. Row `gate · hidden + unit`.
  /// Both matrices requantize to Q4.11, without zero point.
  case lstm = 4
  /// A scale and an offset per channel: a batch normalization that could not be folded. Block:
  /// `AffineLayout`.
  case affine = 5
  /// The sum of two tensors of one shape. Block: an `AddConstants` record.
  case add = 6
  /// The channels of two to four inputs, one after the other, each rescaled to the output's grid.
  /// Block: a `ConcatenateConstants` record.
  case concatenate = 7
  /// Softmax-weighted mean over time. Inputs: the values, and scores of one channel. One row per
  /// decision.
  ///
  /// Block (`AttentionLayout`): 256 uint32 weights, one for each score code from −128 on; a
  /// `PoolConstants` record.
  case attentionPool = 8
  /// Mean over time, one row per decision. Block: a `PoolConstants` record.
  case meanPool = 9
  /// Means, then population standard deviations: twice the channels, one row per decision, one grid
  /// for both. Block: a `PoolConstants` record.
  case statisticsPool = 10
  /// Maximum over time, one row per decision. Same grid in and out. No block.
  case globalMaxPool = 11
  /// The last dense layer: once per decision, and its output stays int32 in Q15.16, in units of ln
  /// 2 (that is, real logit · log2 e / temperature · 65536), ready for powers of two. Block as for
  /// `dense`. The grid of its tensor is not used.
  case logits = 12
  /// The last `kernel` rows of a context, for networks of fixed length: a tensor of as many rows
  /// per decision. If there are fewer, they come first and real zeros follow. Same grid in and out.
  /// No block.
  ///
  /// Everything that depends on a window runs once per decision, over all rows at once; an operator
  /// over time starts from its initial state.
  case window = 13
  /// Convolution over the plane of a window (`PlaneGeometry`), padded with real zeros. Channels
  /// out: features at a place of the output, times its columns.
  ///
  /// Block: a `PlaneGeometry` record; one matrix of `features out` × `taps · features in`; the
  /// depth index is `(tap row · kernel columns + tap column) · features + feature`.
  case conv2D = 14
  /// As `conv2D`, but every feature has its own taps and yields one feature. Block: a
  /// `PlaneGeometry` record; one matrix of `features` × `taps`.
  case depthwise2D = 15
  /// Maximum over the kernel of a `PlaneGeometry`, ignoring padding. Same grid in and out. Block:
  /// the record.
  case maxPool2D = 16
  /// Mean over the kernel of a `PlaneGeometry`, ignoring padding. Block: the record; a
  /// `PoolConstants` record.
  case averagePool2D = 17
  /// The values of a window rearranged into rows of another length: all rows of the first group of
  /// channels, then of the next. Same grid in and out. Block: `kernel` int32, the widths of the
  /// groups, whose sum is the channels; zeros up to 64 bytes.
  case pack = 18
  /// The last row over time, one row per decision. Same grid in and out. No block.
  case lastRow = 19
  /// `h ← tanh(W·x + R·h + b)` over all rows, one row out for each in.
  ///
  /// Block (`RecurrentLayout` with one gate): the matrix of the input, the recurrent one, both to
  /// Q4.11 without zero point; a `PoolConstants` record that takes Q0.15 to the output's grid:
  /// ratio 2⁻¹⁵ / scale.
  case simpleRNN = 20
  /// The one row of a decision less its mean over this talker's past segments; the only operator
  /// whose state lasts as long as the talker (`Centring`). Block: `CentreLayout`.
  case centre = 21

  /// Only in a float graph: per channel `gamma · (x − mean) / √(variance + epsilon) + beta`.
  case batchNorm = 64
  /// Only in a float graph: `max(x, 0)`. In int8 it is a flag of the operator before.
  case relu = 65

  /// Whether it only selects or moves codes, so that its output has its input's grid.
  public var keepsGrid: Bool {
    switch self {
    case .maxPool1D, .globalMaxPool, .window, .lastRow, .maxPool2D, .pack: true
    default: false
    }
  }
}
