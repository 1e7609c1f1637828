/// How far every pooling over time counts its rows.
enum PooledRows {
  /// A pooling takes this many rows of a context and ignores what follows, so that no sum can
  /// overflow: 2²² rows of 20 ms are 23 hours; contexts are seconds.
  static let maximum = 1 << 22
}
