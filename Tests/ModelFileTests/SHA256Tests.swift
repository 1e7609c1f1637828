import ModelFile
import Testing

private func digest(_ pieces: [[UInt8]]) -> String {
  var hash = SHA256()
  for piece in pieces { piece.withUnsafeBytes { hash.update($0) } }
  let digest = hash.finish()
  return digest.indices.map { index in
    let byte = digest[index]
    return (byte < 16 ? "0" : "") + String(byte, radix: 16)
  }.joined()
}

@Suite struct SHA256Tests {
  /// FIPS 180-4 examples, and the empty message of the NIST CAVP short-message vectors.
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
    (
      "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
      "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"
    ),
  ])
  func equalsThePublishedVectors(message: String, expected: String) {
    #expect(digest([Array(message.utf8)]) == expected)
  }

  @Test func equalsThePublishedVectorOfAMillionLetters() {
    #expect(
      digest(Array(repeating: Array(repeating: UInt8(ascii: "a"), count: 1000), count: 1000))
        == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
  }

  @Test func doesNotDependOnThePieces() {
    let message = (0..<300).map { UInt8(truncatingIfNeeded: $0 &* 37) }
    let whole = digest([message])
    for cut in [0, 1, 55, 56, 63, 64, 65, 127, 128, 129, 299, 300] {
      #expect(digest([Array(message[..<cut]), Array(message[cut...])]) == whole)
    }
  }
}
