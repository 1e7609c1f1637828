import FixedPoint

/// Maximum or mean over the places of a window's plane, feature by feature, ignoring padding.
struct PlanePooling: BitwiseCopyable {
  private let plane: Plane
  private let sums: UnsafeMutablePointer<Int32>
  private let output: UnsafeMutablePointer<Int8>
  /// The requantizer of a mean; a maximum keeps its grid.
  private let mean: PooledRequantizer?

  init(_ step: Operator, in program: Program, plan: RowPlan) {
    plane = Plane(step, in: program, plan: plan)
    sums = plan.sums
    output = plan.rows(step.output)
    mean =
      step.kind == .averagePool2D
      ? PooledRequantizer(
        (program.block(of: step) + PlaneGeometry.byteCount).load(as: PoolConstants.self),
        from: program.tensors[Int(step.inputs[0])], to: program.tensors[Int(step.output)])
      : nil
  }

  /// Computes the whole output.
  func run() {
    for place in 0..<plane.places {
      let rows = plane.seen(0, at: place / plane.outputColumns, of: plane.rows)
      let columns = plane.seen(
        1, at: place % plane.outputColumns, of: Int(plane.geometry.columns))
      let pooled = output + place &* plane.features
      if let mean {
        average(rows, columns, mean, into: pooled)
      } else {
        maximum(rows, columns, into: pooled)
      }
    }
  }

  private func maximum(
    _ rows: Range<Int>, _ columns: Range<Int>, into pooled: UnsafeMutablePointer<Int8>
  ) {
    pooled.update(repeating: -128, count: plane.features)
    for row in rows {
      for column in columns {
        let values = plane.values(row, column)
        for feature in 0..<plane.features {
          pooled[feature] = max(pooled[feature], values[feature])
        }
      }
    }
  }

  private func average(
    _ rows: Range<Int>, _ columns: Range<Int>, _ mean: PooledRequantizer,
    into pooled: UnsafeMutablePointer<Int8>
  ) {
    sums.update(repeating: 0, count: plane.features)
    for row in rows {
      for column in columns {
        let values = plane.values(row, column)
        for feature in 0..<plane.features { sums[feature] &+= Int32(values[feature]) }
      }
    }
    let count = Int64(rows.count &* columns.count)
    for feature in 0..<plane.features {
      pooled[feature] = mean(mean: roundedQuotient(Int64(sums[feature]) &<< 16, count))
    }
  }
}
