/// The limit to which every pooling over time counts its rows.
enum PooledRows {
  /// A pooling uses at most this many rows of a context and ignores the rest, so that no sum can
  /// overflow: 2²² rows of 20 ms are 23 hours; contexts are seconds.
  static let maximum = 1 << 22
}
