import FixedPoint

// Compiled together with the sources of Inference, so that it sees the kernels themselves.

/// Compares a kernel variant with portable Swift over `cases` random products, rescalings, LSTM
/// steps, sums and poolings, typical and extreme: in turn every shape of up to 100 outputs of 90
/// inputs, and every length of up to 70. Returns how many differ. `memory` has 4 MB, aligned to
/// 64 bytes; `variant` is the raw value of a `KernelVariant`.
@_cdecl("edged_compare_kernels")
public func compareKernels(_ memory: UnsafeMutableRawPointer, _ variant: UInt8, _ cases: Int) -> Int
{
  guard let variant = KernelVariant(rawValue: variant) else { return cases }
  var differences = 0
  var random = RandomBits(state: UInt64(variant.rawValue))
  for number in 0..<cases {
    var arena = Arena(UnsafeMutableRawBufferPointer(start: memory, count: 4 << 20))
    if !productsAgree(variant, number, &random, &arena) { differences += 1 }
    if !stepsAgree(variant, number, &random, &arena) { differences += 1 }
    if !gridsAgree(variant, number, &random, &arena) { differences += 1 }
    if !poolsAgree(variant, number, &random, &arena) { differences += 1 }
  }
  return differences
}

/// Whether this processor offers a variant. Without an operating system Swift cannot know of dot
/// products.
@_cdecl("edged_offers_kernels")
public func offersKernels(_ variant: UInt8) -> Bool {
  KernelVariant(rawValue: variant)?.isAvailable ?? false
}

/// A random matrix, with biases up to 500,000.
private func matrix(
  _ layout: MatrixLayout, isExtreme: Bool, shifts least: Int, _ greatest: Int,
  _ random: inout RandomBits, _ arena: inout Arena
) -> UnsafeMutableRawPointer {
  let block = UnsafeMutableRawPointer(arena.take(Int8.self, count: layout.byteCount))
  for offset in 0..<layout.biases {
    let weight = isExtreme ? (random.next() & 1 == 0 ? 127 : -127) : random.integer(-127, 127)
    block.storeBytes(of: Int8(weight), toByteOffset: offset, as: Int8.self)
  }
  for output in 0..<layout.paddedOutputs {
    block.storeBytes(
      of: Int32(random.integer(-500_000, 500_000)), toByteOffset: layout.biases + 4 * output,
      as: Int32.self)
    block.storeBytes(
      of: Int32(random.integer(1 << 30, 1 << 31 - 1)), toByteOffset: layout.mantissas + 4 * output,
      as: Int32.self)
    block.storeBytes(
      of: Int32(random.integer(least, greatest)), toByteOffset: layout.shifts + 4 * output,
      as: Int32.self)
  }
  return block
}

/// A product, its rescaled sums and its codes.
private func productsAgree(
  _ variant: KernelVariant, _ number: Int, _ random: inout RandomBits, _ arena: inout Arena
) -> Bool {
  let isExtreme = random.next() & 3 == 0
  let layout = MatrixLayout(outputs: 1 + number % 100, depth: 1 + number / 100 % 90)
  // From 33 on the upper half of a product is enough, which kernels may know.
  let block = matrix(
    layout, isExtreme: isExtreme, shifts: random.next() & 1 == 0 ? 33 : 28, 62, &random, &arena)
  let (rows, stride) = (random.integer(1, 7), random.integer(0, 100))
  let codes = arena.take(Int8.self, count: rows * 200 + 200)
  for index in 0..<rows * 200 + 200 {
    codes[index] = Int8(
      isExtreme ? (random.next() & 1 == 0 ? 127 : -128) : random.integer(-128, 127))
  }
  let portable = LinearLayer(layout, at: block, variant: .portable, arena: &arena)
  let faster = LinearLayer(layout, at: block, variant: variant, arena: &arena)
  faster.prepare()
  let count = rows * layout.paddedOutputs
  let (expected, found) = (
    arena.take(Int32.self, count: count), arena.take(Int32.self, count: count)
  )
  portable.multiply(codes, stride: stride, rows: rows, into: expected)
  faster.multiply(codes, stride: stride, rows: rows, into: found)
  for index in 0..<count where expected[index] != found[index] { return false }

  let zeroPoint = Int32(random.integer(-128, 127))
  let least = number % 2 == 0 ? zeroPoint : -128
  let (expectedCodes, foundCodes) = (
    arena.take(Int8.self, count: count), arena.take(Int8.self, count: count)
  )
  portable.requantize(
    expected, rows: rows, zeroPoint: zeroPoint, least: least, into: expectedCodes)
  faster.requantize(found, rows: rows, zeroPoint: zeroPoint, least: least, into: foundCodes)
  for index in 0..<rows * layout.outputs where expectedCodes[index] != foundCodes[index] {
    return false
  }
  portable.rescale(expected, rows: rows)
  faster.rescale(found, rows: rows)
  for row in 0..<rows {
    for output in 0..<layout.outputs {
      let index = row * layout.paddedOutputs + output
      if expected[index] != found[index] { return false }
    }
  }
  return true
}

/// Up to four steps of an LSTM, in turn of whole sixteens and of any number of units.
private func stepsAgree(
  _ variant: KernelVariant, _ number: Int, _ random: inout RandomBits, _ arena: inout Arena
) -> Bool {
  let hidden = number & 1 == 0 ? 16 * (1 + number / 2 % 6) : 1 + number / 2 % 70
  let layout = MatrixLayout(outputs: 4 * hidden, depth: hidden)
  let block = matrix(
    layout, isExtreme: false, shifts: random.next() & 1 == 0 ? 33 : 30, 42, &random, &arena)
  // Sums of which many leave 16 bits; a billion stays in 32.
  for output in 0..<layout.outputs where output % 3 == 0 {
    block.storeBytes(
      of: Int32(random.integer(-1_000_000_000, 1_000_000_000)),
      toByteOffset: layout.biases + 4 * output, as: Int32.self)
  }
  let rows = random.integer(1, 4)
  let input = arena.take(Int32.self, count: rows * layout.paddedOutputs)
  for index in 0..<rows * layout.paddedOutputs {
    let range = index % 5 == 0 ? 1_000_000_000 : 20_000
    input[index] = Int32(random.integer(-range, range))
  }
  let cells = arena.take(Int16.self, count: 2 * hidden)
  let states = arena.take(Int8.self, count: hidden + RowPlan.overread)
  let outputs = arena.take(Int8.self, count: 2 * rows * hidden)
  for unit in 0..<hidden {
    cells[unit] = Int16(random.integer(-32768, 32767))
    cells[hidden + unit] = cells[unit]
  }
  let output = Rescaler(
    mantissa: Int32(random.integer(1 << 30, 1 << 31 - 1)), shift: Int32(random.integer(50, 62)))
  for place in 0..<2 {
    let variant = place == 0 ? .portable : variant
    let recurrent = LinearLayer(layout, at: block, variant: variant, arena: &arena)
    recurrent.prepare()
    for unit in 0..<hidden { states[unit] = Int8(truncatingIfNeeded: unit &* 89 &+ number) }
    LSTMSteps(
      recurrent: recurrent, hidden: hidden, cellFractionBits: Int32(number / 2 % 16),
      output: output, zeroPoint: Int32(number % 256 - 128), variant: variant,
      sums: arena.take(Int32.self, count: layout.paddedOutputs)
    ).advance(
      rows, input, cell: cells + place * hidden, state: states,
      into: outputs + place * rows * hidden)
    for unit in 0..<hidden where states[unit] != outputs[(place * rows + rows - 1) * hidden + unit]
    {
      return false
    }
  }
  for unit in 0..<hidden where cells[unit] != cells[hidden + unit] { return false }
  for index in 0..<rows * hidden where outputs[index] != outputs[rows * hidden + index] {
    return false
  }
  return true
}

/// A sum of codes on two grids, and codes taken to another grid.
private func gridsAgree(
  _ variant: KernelVariant, _ number: Int, _ random: inout RandomBits, _ arena: inout Arena
) -> Bool {
  let count = 1 + number % 70
  let isExtreme = random.next() & 3 == 0
  let (left, right) = (arena.take(Int8.self, count: count), arena.take(Int8.self, count: count))
  for index in 0..<count {
    left[index] = Int8(random.integer(-128, 127))
    right[index] = Int8(isExtreme ? -128 : random.integer(-128, 127))
  }
  let zeroPoint = Int32(random.integer(-128, 127))
  let sum = CodeGrids.Sum(
    constants: AddConstants(
      first: Int32(random.integer(0, 1 << 21)), second: Int32(random.integer(0, 1 << 21)),
      shift: Int32(random.integer(1, 30))),
    leftZero: Int32(random.integer(-128, 127)), rightZero: Int32(random.integer(-128, 127)),
    zeroPoint: zeroPoint, least: number % 2 == 0 ? zeroPoint : -128)
  let rescale = Rescaler(
    mantissa: Int32(random.integer(1 << 30, 1 << 31 - 1)), shift: Int32(random.integer(24, 62)))
  let offsets = arena.take(Int32.self, count: count)
  let greatest = 1 << random.integer(0, 27) - 1
  for index in 0..<count { offsets[index] = Int32(random.integer(-greatest, greatest)) }
  let requantize = Requantizer(
    mantissa: rescale.mantissa, shift: rescale.shift, zeroPoint: zeroPoint)
  let results = arena.take(Int8.self, count: 6 * count)
  for place in 0..<2 {
    let variant = place == 0 ? .portable : variant
    CodeGrids.add(
      left, right, count: count, sum, into: results + 3 * place * count, variant: variant)
    CodeGrids.move(
      left, count: count, zero: sum.leftZero, rescale, zeroPoint: zeroPoint,
      into: results + (3 * place + 1) * count, variant: variant)
    CodeGrids.centre(
      left, less: offsets, count: count, zero: sum.leftZero, requantize,
      least: number % 2 == 0 ? Int8(zeroPoint) : -128, into: results + (3 * place + 2) * count,
      variant: variant)
  }
  for index in 0..<3 * count where results[index] != results[3 * count + index] { return false }
  return true
}

/// What poolings add up of some rows.
private func poolsAgree(
  _ variant: KernelVariant, _ number: Int, _ random: inout RandomBits, _ arena: inout Arena
) -> Bool {
  let (rows, channels) = (random.integer(1, 16), 1 + number % 40)
  let codes = arena.take(Int8.self, count: rows * channels)
  for index in 0..<rows * channels {
    codes[index] = Int8(number % 4 == 0 ? -128 : random.integer(-128, 127))
  }
  let scores = arena.take(Int8.self, count: rows)
  for row in 0..<rows { scores[row] = Int8(random.integer(-128, 127)) }
  let weights = arena.take(UInt32.self, count: 256)
  for index in 0..<256 { weights[index] = UInt32(truncatingIfNeeded: random.next()) }
  let sums = arena.take(Int64.self, count: 6 * channels)
  for index in 0..<3 * channels {
    sums[index] = Int64(random.integer(-1 << 40, 1 << 40))
    sums[3 * channels + index] = sums[index]
  }
  for place in 0..<2 {
    let variant = place == 0 ? .portable : variant
    let sums = sums + place * 3 * channels
    let squares = number % 3 == 0 ? nil : sums + channels
    PooledSums.add(
      codes, rows: rows, channels: channels, to: sums, squares: squares, variant: variant)
    PooledSums.add(
      codes, rows: rows, channels: channels, scores: scores, weights: weights,
      to: sums + 2 * channels, variant: variant)
  }
  for index in 0..<3 * channels where sums[index] != sums[3 * channels + index] { return false }
  return true
}
