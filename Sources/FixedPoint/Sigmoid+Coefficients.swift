// Made by tools/tables/sigmoid.py; do not edit.

extension Sigmoid {
  /// The cubic of each of 16 unit segments of |x|: 16 constant terms, 16 linear ones, 16 squares, 16 cubes.
  /// The greatest error is 3.07.
  public static let coefficients: InlineArray<64, Int16> = [
    -2, 15140, 24956, 29661, 31590, 32329, 32606, 32708,
    32746, 32760, 32765, 32767, 32767, 32767, 32767, 32767,
    16448, 12951, 6877, 2950, 1151, 433, 157, 57,
    22, 7, 3, 1, 0, 0, 0, 0,
    -282, -3290, -2608, -1287, -523, -198, -65, -19,
    -12, -3, -5, -1, 0, 0, 0, 0,
    -1024, 153, 435, 266, 111, 42, 10, 0,
    4, 1, 6, 0, 0, 0, 0, 0,
  ]
}
