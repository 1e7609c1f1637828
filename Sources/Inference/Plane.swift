import FixedPoint

/// A plane in memory and the walk over it: what convolutions and poolings of windows share.
struct Plane: BitwiseCopyable {
  let geometry: PlaneGeometry
  /// Rows of the input.
  let rows: Int
  /// Values at a place of the input.
  let features: Int
  let outputColumns: Int
  /// Places of the output, row by row.
  let places: Int
  private let codes: UnsafePointer<Int8>
  private let padding: Int8

  init(_ step: Operator, in program: Program, plan: RowPlan) {
    let from = program.tensors[Int(step.inputs[0])]
    geometry = program.geometry(of: step)
    rows = plan.rowCount(step.inputs[0])
    features = Int(from.channels / geometry.columns)
    outputColumns = geometry.outputColumns
    places = geometry.outputs(0, of: rows) * outputColumns
    codes = UnsafePointer(plan.rows(step.inputs[0]))
    padding = Int8(truncatingIfNeeded: from.zeroPoint)
  }

  /// The features at a place of the input.
  func values(_ row: Int, _ column: Int) -> UnsafePointer<Int8> {
    codes + (row &* Int(geometry.columns) &+ column) &* features
  }

  /// The rows, or columns, of the input that an undilated output at `position` along `axis` sees,
  /// without padding.
  func seen(_ axis: Int, at position: Int, of count: Int) -> Range<Int> {
    let start = position &* Int(geometry.stride[axis]) &- Int(geometry.before[axis])
    return max(start, 0)..<min(start &+ Int(geometry.kernel[axis]), count)
  }

  /// Where the values of `count` output places from `place` on lie as they are, `apart` bytes from
  /// one to the next: in a sequence whose taps are neighbours and none of them padding. Else nil.
  func direct(_ place: Int, count: Int) -> UnsafePointer<Int8>? {
    guard geometry.columns == 1, geometry.kernel[1] == 1, geometry.dilation[0] == 1 else {
      return nil
    }
    let stride = Int(geometry.stride[0])
    let first = place &* stride &- Int(geometry.before[0])
    let end = first &+ (count &- 1) &* stride &+ Int(geometry.kernel[0])
    return first >= 0 && end <= rows ? codes + first &* features : nil
  }

  /// Bytes from one output's values to the next where they lie as they are.
  var apart: Int { Int(geometry.stride[0]) &* features }

  /// Copies what output place `place` sees to `patch`: taps row by row, features together, real
  /// zero where there is padding.
  func gather(_ place: Int, into patch: UnsafeMutablePointer<Int8>) {
    let (top, left) = (place / outputColumns, place % outputColumns)
    let firstRow = top &* Int(geometry.stride[0]) &- Int(geometry.before[0])
    let firstColumn = left &* Int(geometry.stride[1]) &- Int(geometry.before[1])
    let (height, width) = (Int(geometry.kernel[0]), Int(geometry.kernel[1]))
    for tap in 0..<height {
      let row = firstRow &+ tap &* Int(geometry.dilation[0])
      for tapColumn in 0..<width {
        let column = firstColumn &+ tapColumn &* Int(geometry.dilation[1])
        let target = patch + (tap &* width &+ tapColumn) &* features
        if row >= 0, row < rows, column >= 0, column < Int(geometry.columns) {
          target.update(from: values(row, column), count: features)
        } else {
          target.update(repeating: padding, count: features)
        }
      }
    }
  }
}

extension Program {
  /// The geometry at the start of the block of `step`, a kind that has one.
  func geometry(of step: Operator) -> PlaneGeometry { block(of: step).load(as: PlaneGeometry.self) }
}
