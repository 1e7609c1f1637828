import JSON

extension DaemonInquiry {
  /// What the daemon says of itself and of all its streams, with the line that holds it.
  ///
  /// A line may not have room for all streams; the daemon is asked for the rest, and the answers
  /// are merged. Where they do not fit together, because the streams changed meanwhile, everything
  /// is asked again, up to `attempts` times. After that, and from a daemon too old to be asked for
  /// the rest, its answer remains as it is, `streams_left_out` included.
  mutating func status(attempts: Int = 3) throws -> (object: JSONObject, line: [UInt8]) {
    let (first, line) = try answer(to: "status")
    guard first.streamsLeftOut > 0 else { return (first, line) }
    guard let streams = try allStreams(first) else {
      return attempts > 1 ? try status(attempts: attempts - 1) : (first, line)
    }
    var whole = first
    whole["streams"] = .array(streams.map { .object($0) })
    whole["streams_left_out"] = nil
    return (whole, Array(JSONValue.object(whole).description.utf8))
  }

  /// The streams of `first` and those that it leaves out; nil where the daemon does not list them
  /// or they do not match `first`.
  private mutating func allStreams(_ first: JSONObject) throws -> [JSONObject]? {
    var streams = first.streams
    var left = first.streamsLeftOut
    while left > 0 {
      let next: JSONObject
      do {
        next = try ask("status", #""skip":\#(streams.count)"#)
      } catch DaemonProblem.refused(let answer) where answer["reason"]?.string == "bad_argument" {
        return nil
      }
      let more = next.streams
      guard !more.isEmpty, next.streamsLeftOut == left - more.count else { return nil }
      streams += more
      left = next.streamsLeftOut
    }
    return streams
  }
}

/// What `hello` and the answer to `status` say of streams.
extension JSONObject {
  /// The streams that are listed.
  var streams: [JSONObject] { (self["streams"]?.array ?? []).compactMap(\.object) }

  /// How many streams are not listed.
  var streamsLeftOut: Int { max(0, self["streams_left_out"]?.integer ?? 0) }

  /// That some are not listed, as a sentence without a full stop; nil where all are.
  var leavingOut: String? {
    let count = streamsLeftOut
    guard count > 0 else { return nil }
    return
      "\(count == 1 ? "1 stream is" : "\(count) streams are") not shown, because edged does not tell of all;"
      + " restart it if it is older than edgectl"
  }
}
