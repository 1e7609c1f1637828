/// The members of a JSON object, by name and in the order written.
///
/// Order is kept because people read what we write; names are unique because a document in which a
/// name occurs twice means different things to different readers. Names are compared as Swift
/// compares strings, so two spellings of one accented letter are the same name.
public struct JSONObject: Equatable, Sendable {
  /// A name and its value.
  public struct Member: Equatable, Sendable {
    /// The name.
    public let key: String
    /// What it stands for.
    public var value: JSONValue

    /// A member called `key`.
    public init(key: String, value: JSONValue) {
      self.key = key
      self.value = value
    }
  }

  /// All members, in order.
  public private(set) var members: [Member]
  private var positions: [String: Int]

  /// An object without members.
  public init() {
    members = []
    positions = [:]
  }

  /// An object of `members`. Of equal names the last value wins, at the place of the first.
  public init(_ members: [Member]) {
    self.init()
    for member in members { self[member.key] = member.value }
  }

  /// The value called `key`. Setting a new name appends it; setting nil removes the member.
  public subscript(key: String) -> JSONValue? {
    get { positions[key].map { members[$0].value } }
    set {
      switch (positions[key], newValue) {
      case (let position?, let value?): members[position].value = value
      case (nil, let value?):
        positions[key] = members.count
        members.append(Member(key: key, value: value))
      case (let position?, nil):
        members.remove(at: position)
        positions = [:]
        for (index, member) in members.enumerated() { positions[member.key] = index }
      case (nil, nil): break
      }
    }
  }

  /// How many members there are.
  public var count: Int { members.count }

  /// Equal when the same names stand for the same values, in any order.
  public static func == (left: JSONObject, right: JSONObject) -> Bool {
    left.count == right.count && left.members.allSatisfy { right[$0.key] == $0.value }
  }
}
