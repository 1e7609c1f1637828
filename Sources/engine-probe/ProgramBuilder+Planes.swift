import Inference

extension ProgramBuilder {
  /// A window over all rows of the request, the operator over their plane, and the last row of what
  /// it makes.
  mutating func appendPlane(_ operation: String, _ request: Request) throws {
    let (input, rows) = (tensors[0], try request.integer("window"))
    append(
      Operator(.window, input: 0, output: 1, kernel: Int32(rows)), channels: Int(input.channels),
      rate: 0, grid: input, [])
    let geometry = try geometry(request)
    let features = Int(input.channels / geometry.columns)
    let grid = operation == "max_pool2d" ? input : try outputGrid(request)
    var outputs = features
    var block = bytes(PlaneGeometry.byteCount) {
      $0.storeBytes(of: geometry, as: PlaneGeometry.self)
    }
    let kind: OperatorKind
    switch operation {
    case "conv2d":
      kind = .conv2D
      outputs = try request.integer("outputs")
      block += try matrix(
        MatrixLayout(outputs: outputs, depth: geometry.taps * features), request, grid)
    case "depthwise2d":
      kind = .depthwise2D
      block += try matrix(MatrixLayout(outputs: features, depth: geometry.taps), request, grid)
    case "average_pool2d":
      kind = .averagePool2D
      let constants = try PoolConstants(
        inputScale: Double(input.scale), outputScale: Double(grid.scale))
      block += bytes(64) { $0.storeBytes(of: constants, as: PoolConstants.self) }
    default:
      kind = .maxPool2D
    }
    let hasWeights = kind == .conv2D || kind == .depthwise2D
    append(
      Operator(
        kind, input: 1, output: 2, relu: hasWeights ? try request.integer("relu") != 0 : false),
      channels: outputs * geometry.outputColumns, rate: 0, grid: grid, block)
    append(
      Operator(.lastRow, input: 2, output: 3), channels: outputs * geometry.outputColumns, rate: 0,
      grid: grid, [])
  }

  private func geometry(_ request: Request) throws -> PlaneGeometry {
    func pair(_ name: String) throws -> SIMD2<Int32> {
      let values = try request.integers(name)
      guard values.count == 2 else { throw ProbeProblem.field(name) }
      return SIMD2(Int32(values[0]), Int32(values[1]))
    }
    return PlaneGeometry(
      columns: Int32(try request.integer("columns")), kernel: try pair("kernel"),
      stride: try pair("stride"), dilation: try pair("dilation"), before: try pair("before"),
      after: try pair("after"))
  }
}
