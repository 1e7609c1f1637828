import Inference
import JSON

/// How a node's kernel moves over its input.
extension GraphReader {
  /// Reads `kernel`, `stride`, `dilation` and `padding` of a node along one axis (numbers) or two
  /// (pairs: rows, columns).
  func geometry(
    _ node: inout DocumentReader, _ input: Value, axes: Int, isPooling: Bool
  ) throws(FloatModelProblem) -> PlaneGeometry {
    if axes == 1 { try requireSequence(input, node) }
    let kernel = try node.sizes("kernel", axes: axes)
    let stride = try node.sizes("stride", axes: axes, standard: isPooling ? kernel : .one)
    let dilation =
      isPooling ? SIMD2<Int32>.one : try node.sizes("dilation", axes: axes, standard: .one)
    var geometry = PlaneGeometry(
      columns: Int32(input.columns), kernel: kernel, stride: stride, dilation: dilation)
    try pad(&geometry, &node, counts: [input.rows, input.columns], axes: axes, isPooling)
    guard geometry.taps <= PlaneGeometry.maximumTaps else {
      throw .notAllowed(
        place: node.place(of: "kernel"), found: "\(geometry.taps) taps",
        allowed: "at most \(PlaneGeometry.maximumTaps)")
    }
    guard geometry.outputs(0, of: input.rows) > 0, geometry.outputColumns > 0 else {
      throw .contradiction(
        place: node.place,
        sentence: "its kernel reaches over more than the \(input.rows) by \(input.columns) places"
          + " of its input")
    }
    return geometry
  }

  private func pad(
    _ geometry: inout PlaneGeometry, _ node: inout DocumentReader, counts: [Int], axes: Int,
    _ isPooling: Bool
  ) throws(FloatModelProblem) {
    let isCeiling = isPooling ? try node.flag("ceil") : false
    if let pairs = node.optional("padding")?.array {
      for axis in 0..<axes {
        let pair = axes == 1 ? pairs : pairs.indices.contains(axis) ? pairs[axis].array ?? [] : []
        let room = 0..<geometry.extent(axis)
        guard pairs.count == (axes == 1 ? 2 : axes), pair.count == 2,
          let before = pair[0].integer, let after = pair[1].integer, room.contains(before),
          room.contains(after)
        else {
          throw .notAllowed(
            place: node.place(of: "padding"), found: "\(JSONValue.array(pairs))",
            allowed: (axes == 1 ? "[before, after]" : "[[above, below], [left, right]]")
              + ", each less than the kernel reaches over")
        }
        geometry.before[axis] = Int32(before)
        geometry.after[axis] = Int32(after)
      }
    } else {
      let word =
        isPooling && node.optional("padding") == nil
        ? "valid"
        : try node.word(
          "padding", of: ["valid", "same"] + (axes == 1 && !isPooling ? ["causal"] : []))
      for axis in 0..<axes { geometry.pad(axis, word, count: counts[axis]) }
    }
    if isCeiling {
      for axis in 0..<axes { geometry.finishLastWindow(axis, count: counts[axis]) }
    }
  }
}

extension PlaneGeometry {
  /// Padding by its usual name: `same` gives ⌈count / stride⌉ outputs, with an odd remainder after
  /// (as in TensorFlow, Keras, and PyTorch, whose `same` requires stride 1); `causal` pads only
  /// before.
  mutating func pad(_ axis: Int, _ word: String, count: Int) {
    let reach = extent(axis)
    let outputs = (count + Int(stride[axis]) - 1) / Int(stride[axis])
    switch word {
    case "same":
      let total = max((outputs - 1) * Int(stride[axis]) + reach - count, 0)
      before[axis] = Int32(total / 2)
      after[axis] = Int32(total - total / 2)
    case "causal":
      before[axis] = Int32(reach - 1)
    default:
      break
    }
  }

  /// Pads after so that a partial window counts too, unless it begins in that padding (PyTorch's
  /// `ceil_mode`).
  mutating func finishLastWindow(_ axis: Int, count: Int) {
    let padded = count + Int(before[axis])
    let room = padded + Int(after[axis]) - extent(axis)
    guard room >= 0 else { return }
    let step = Int(stride[axis])
    var windows = (room + step - 1) / step + 1
    if (windows - 1) * step >= padded { windows -= 1 }
    after[axis] = Int32(max(Int(after[axis]), (windows - 1) * step + extent(axis) - padded))
  }
}

extension DocumentReader {
  /// One size per axis: a number for one axis, a pair for two.
  mutating func sizes(
    _ key: String, axes: Int, standard: SIMD2<Int32>? = nil
  ) throws(FloatModelProblem) -> SIMD2<Int32> {
    if let standard, optional(key) == nil { return standard }
    let range = 1...Int(PlaneGeometry.limit)
    if axes == 1 { return SIMD2(Int32(try integer(key, in: range)), 1) }
    let pair = try array(key)
    guard pair.count == 2, let rows = pair[0].integer, let columns = pair[1].integer,
      range.contains(rows), range.contains(columns)
    else {
      throw .notAllowed(
        place: place(of: key), found: "\(JSONValue.array(pair))",
        allowed: "a pair [rows, columns], each from 1 to \(range.upperBound)")
    }
    return SIMD2(Int32(rows), Int32(columns))
  }

  /// A Boolean; false if absent.
  mutating func flag(_ key: String) throws(FloatModelProblem) -> Bool {
    guard let value = optional(key) else { return false }
    guard let flag = value.bool else {
      throw .wrongKind(place: place(of: key), expected: "true or false", found: value.kindInWords)
    }
    return flag
  }
}
