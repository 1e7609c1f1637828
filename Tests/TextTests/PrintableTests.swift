import Testing
import Text

@Suite struct PrintableTests {
  @Test(arguments: [
    ("Kopfhörer 🎧 – 麦克风", "Kopfhörer 🎧 – 麦克风"), ("", ""),
    ("\u{1b}[31mred\u{1b}[0m", "\u{FFFD}[31mred\u{FFFD}[0m"),
    ("one\ntwo\r\tthree\u{0}", "one\u{FFFD}two\u{FFFD}\u{FFFD}three\u{FFFD}"),
    ("\u{202e}gpj\u{2066}.\u{2028}", "\u{FFFD}gpj\u{FFFD}.\u{FFFD}"),
    ("\u{200f}\u{2030}", "\u{200f}‰"),
    ("\u{7f}\u{80}\u{9f}\u{a0}", "\u{FFFD}\u{FFFD}\u{FFFD}\u{a0}"),
  ]) func onlyWhatCommandsATerminalIsReplaced(text: String, expected: String) {
    #expect(text.printable == expected)
  }
}
