/// Numbers about the server for `status`.
struct ServerCounts {
  var uptimeMs: Int
  var clients: Int
  var firstSequence: Int
  var dropped: Int
  var refused: Int
}
