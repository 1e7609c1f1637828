import TestSupport
import Testing

@testable import Settings

@Suite struct TOMLTests {
  private func parse(_ text: String) -> [String: TOMLValue] {
    TOMLParser.parse(text) { Issue.record("\($0)") }.entries.mapValues(\.value)
  }

  private func problems(_ text: String) -> [TOMLProblem] {
    var all: [TOMLProblem] = []
    _ = TOMLParser.parse(text) { all.append($0) }
    return all
  }

  @Test(arguments: [
    ("\"a b\"", TOMLValue.string("a b")), ("'C:\\n'", .string("C:\\n")),
    ("\"\\t\\\"\\\\\\u00e9\\U0001F600\"", .string("\t\"\\é😀")), ("\"é # =\"", .string("é # =")),
    ("\"\"", .string("")), ("0", .integer(0)), ("-17", .integer(-17)), ("+1_000", .integer(1000)),
    ("0xDEAD_beef", .integer(0xDEAD_BEEF)), ("0o17", .integer(15)), ("0b101", .integer(5)),
    ("0.5", .fraction(0.5)), ("-1e3", .fraction(-1000)), ("6.02e-1_0", .fraction(6.02e-10)),
    ("true", .boolean(true)), ("false", .boolean(false)), ("[]", .array([])),
    ("[1, 'a',\n # why\n [2],\n]", .array([.integer(1), .string("a"), .array([.integer(2)])])),
  ])
  func readsValues(text: String, value: TOMLValue) {
    #expect(parse("key = \(text) # comment\n") == ["key": value])
  }

  @Test func readsTablesWithTheLineOfEachKey() {
    let table = TOMLParser.parse(
      "a = 1\r\n\r\n[b]\nc.d = 2\n\n[b.\"e f\"]\n  g = { h = 3, i.j = 4 }\n[k]"
    ) { Issue.record("\($0)") }
    #expect(table.entries["a"]?.line == 1)
    guard case .table(let b)? = table.entries["b"]?.value,
      case .table(let c)? = b.entries["c"]?.value, case .table(let ef)? = b.entries["e f"]?.value,
      case .table(let g)? = ef.entries["g"]?.value, case .table(let i)? = g.entries["i"]?.value
    else {
      Issue.record("a table is missing")
      return
    }
    #expect(c.entries["d"] == .init(value: .integer(2), line: 4))
    #expect(ef.entries["g"]?.line == 7)
    #expect(g.entries["h"]?.value == .integer(3))
    #expect(i.entries["j"]?.value == .integer(4))
    #expect(table.entries["k"]?.line == 8)
  }

  @Test func aTableMayBeBegunAfterOneInside() {
    #expect(problems("[a.b]\nc = 1\n[a]\nd = 2\n").isEmpty)
  }

  @Test(arguments: [
    ("a = 1\na = 2", 2, "`a` is set twice, first on line 1"),
    ("[a]\n[b]\n[a]", 3, "`a` is set twice, first on line 1"),
    ("a = 1\n[a.b]", 2, "`a` is no table but a whole number, set on line 1"),
    ("a = {b = 1}\n[a]", 2, "`a` is set twice, first on line 1"),
    ("a 1", 1, "a `=` is missing after the key `a`"),
    ("[a\nb = 1", 1, "a `]` is missing after the name of a table"),
    ("a =", 1, "a value is missing"), ("= 1", 1, "a key is missing"),
    ("a = yes", 1, "`yes` is no value; put quotes around a text"),
    ("a = 1_e5", 1, "`1_e5` is no value; put quotes around a text"),
    ("a = nan(12)", 1, "`nan(12)` is no value; put quotes around a text"),
    ("a = 1e400", 1, "`1e400` is too large for a number"),
    (
      "a = 012", 1,
      "`012` is no number here; write no zero in front, and digits on both sides of a point"
    ),
    (
      "a = .5", 1,
      "`.5` is no number here; write no zero in front, and digits on both sides of a point"
    ),
    (
      "a = 1.", 1,
      "`1.` is no number here; write no zero in front, and digits on both sides of a point"
    ),
    (
      "a = -01.5", 1,
      "`-01.5` is no number here; write no zero in front, and digits on both sides of a point"
    ),
    ("a = 1e", 1, "`1e` is no value; put quotes around a text"),
    ("a = 1_", 1, "`1_` is no value; put quotes around a text"),
    ("a = nan", 1, "`nan` is no value; put quotes around a text"),
    ("a = 1 b = 2", 1, "there is something after the value; write one key a line"),
    ("a = \"open\nb = 1", 1, "a text is not closed by \""),
    ("a = 'open", 1, "a text is not closed by '"),
    ("a = [1, 2\nb = 3", 2, "a list is not closed by `]`"),
    ("a = {b = 1", 1, "a table in braces is not closed by `}`"),
    ("a = \"\\q\"", 1, "a backslash stands before what it cannot; write two, or single quotes"),
    ("a = \"\\uD800\"", 1, "`D800` is no character's number"),
    (
      "\n\na = \"\"\"x\"\"\"", 3,
      "texts over several lines are not used here; write it in one line, with one quote on each side"
    ),
    ("[[a]]", 1, "lists of tables are not used here; name each table, such as [stream.main]"),
    ("a = 1979-05-27", 1, "`1979-05-27` looks like a date or time; none is used here"),
    ("a = 9223372036854775808", 1, "`9223372036854775808` is too large for a number"),
  ])
  func saysWhatIsWrongOnWhichLine(text: String, line: Int, message: String) {
    #expect(problems(text) == [TOMLProblem(line: line, message: message)])
  }

  @Test(arguments: [
    "0x1p4", "0x1p-1074", "0x12-34567", "0x-5", "0b_1", "0o8", "-0x10", "0X10",
    "0x8000000000000000",
  ])
  func whatIsNoNumberOfAnotherRadixIsRefused(word: String) {
    let found = problems("a = \(word)").map { "\($0)" }
    #expect(found.count == 1 && found[0].contains("write only digits behind 0x"), "\(found)")
  }

  @Test func whatIsWrongOnOneLineDoesNotHideTheOthers() {
    var problems: [TOMLProblem] = []
    let table = TOMLParser.parse(
      "a = yes\nb = 1\n[c\nd = 2\ne = no\n[f]\ng = 3 h = 4\nb = 5\nf\n[[f]]\ng = 6\n"
    ) { problems.append($0) }
    #expect(problems.map(\.line) == [1, 3, 5, 7, 9, 10])
    #expect(table.entries.keys.sorted() == ["b", "f"])
    guard case .table(let f)? = table.entries["f"]?.value else {
      Issue.record("a table is missing")
      return
    }
    #expect(f.entries == ["b": .init(value: .integer(5), line: 8)])
  }

  @Test(arguments: [
    ("a = [\n x,\n \"y\",\n]", [2]), ("a = [\"x\"\n[b]\nc = d", [2, 3]),
    ("a = [\"x\"\nb = c", [2, 2]),
    ("a = [\n [x],\n [\"y\"]\n]\nb = c", [2, 5]), ("a = {\n b = c\n d\n}\n[e]\nf = g", [1, 6]),
    ("a = \"\"\"\nb = c\n\"\"\"\n[d]\ne = f", [1, 5]), ("a = '''b'''\nc = d", [1, 2]),
    ("a = \"\"\"\"\"\"\nc = d", [1, 2]), ("a = {b = [1, {c = d}]}\ne = f", [1]),
    ("a = [1]\nb = c\nd e", [2, 3]), ("a = [x]\n[b.\"c d\"]\ne = f", [1, 3]),
    ("a = [x]\n[ b ]\ne = f", [1, 3]), ("a = [x]\n[b] # c, d\ne = f", [1, 3]),
  ])
  func thePartsOfAValueThatIsLeftOpenAreNoStatements(text: String, lines: [Int]) {
    #expect(problems(text).map(\.line) == lines)
  }

  @Test(arguments: ["a = ", "a"], ["[", "{a=", ".a"])
  func whatLiesTooDeepIsRefused(beginning: String, part: String) {
    for count in [65, 100_000] {
      let text = beginning + String(repeating: part, count: count) + "\nb = c\n[d]\ne = f"
      #expect(problems(text).map(\.line).last == 4)
    }
  }

  /// A file as long as may be: were a table copied for every key, this would take minutes.
  @Test(.timeLimit(.minutes(1))) func manyKeysOfATableAreReadInOneGo() {
    let keys = (0..<70_000).map { "key\($0) = 1" }
    let table = parse("[stream.main]\n" + keys.joined(separator: "\n"))
    guard case .table(let stream)? = table["stream"],
      case .table(let main)? = stream.entries["main"]?.value
    else {
      Issue.record("a table is missing")
      return
    }
    #expect(main.entries.count == 70_000)
  }

  @Test func noTextMakesItTrap() {
    let pieces = [
      "a", "=", "1", "\"", "'", "[", "]", "{", "}", ",", ".", "\n", "#", "\\", "\\u", " ", "é", "_",
      "-",
    ]
    var random = SplitMix(seed: 42)
    for _ in 0..<20_000 {
      let text = (0..<12).map { _ in pieces.randomElement(using: &random)! }.joined()
      #expect(problems(text).allSatisfy { $0.line >= 1 })
    }
  }
}
