import FixedPoint

/// A plane in memory and the iteration over it, shared by convolutions and poolings of windows.
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

  /// The rows, or columns, of the input under the undilated kernel at `position` along `axis`,
  /// padding excluded.
  func seen(_ axis: Int, at position: Int, of count: Int) -> Range<Int> {
    let start = position &* Int(geometry.stride[axis]) &- Int(geometry.before[axis])
    return max(start, 0)..<min(start &+ Int(geometry.kernel[axis]), count)
  }

  /// Address of the inputs of `count` output places from `place` on if they can be used in place,
  /// `apart` bytes from one to the next: in a sequence whose taps are adjacent and not padded.
  /// Otherwise nil.
  func direct(_ place: Int, count: Int) -> UnsafePointer<Int8>? {
    guard geometry.columns == 1, geometry.kernel[1] == 1, geometry.dilation[0] == 1 else {
      return nil
    }
    let stride = Int(geometry.stride[0])
    let first = place &* stride &- Int(geometry.before[0])
    let end = first &+ (count &- 1) &* stride &+ Int(geometry.kernel[0])
    return first >= 0 && end <= rows ? codes + first &* features : nil
  }

  /// Bytes from one output's inputs to the next when they are used in place.
  var apart: Int { Int(geometry.stride[0]) &* features }

  /// Copies the inputs of output place `place` to `patch`: taps row by row, features together, real
  /// zero for padding.
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
          target.copy(from: values(row, column), count: features)
        } else {
          target.update(repeating: padding, count: features)
        }
      }
    }
  }
}

extension Program {
  /// The geometry at the start of the block of `step`, whose kind must have one.
  func geometry(of step: Operator) -> PlaneGeometry { block(of: step).load(as: PlaneGeometry.self) }
}
