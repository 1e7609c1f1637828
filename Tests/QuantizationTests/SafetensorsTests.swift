import JSON
import Quantization
import TestSupport
import Testing

@Suite struct SafetensorsTests {
  private func problem(_ bytes: [UInt8]) -> FloatModelProblem? {
    do throws(FloatModelProblem) {
      _ = try Safetensors(bytes)
      return nil
    } catch { return error }
  }

  private func file(_ header: String, dataSize: Int = 0) -> [UInt8] {
    SafetensorsFixture.file(
      header: Array(header.utf8), data: Array(repeating: 0, count: dataSize))
  }

  @Test func readsTensorsAndMetadata() throws {
    let fixture = SafetensorsFixture(
      metadata: ["edge": "{}", "é": "x"],
      tensors: [("a", [2, 2], [1, -2, 0.5, 3]), ("b", [], [7]), ("c", [0, 3], [])])
    let file = try Safetensors(fixture.bytes())
    #expect(file.metadata == ["edge": "{}", "é": "x"])
    #expect(file["a"]?.shape == [2, 2])
    #expect(file["a"]?.values == [1, -2, 0.5, 3])
    #expect(file["b"]?.values == [7])
    #expect(file["c"]?.values == [])
    #expect(file["d"] == nil)
  }

  @Test func readsDoubles() throws {
    let header = #"{"x":{"dtype":"F64","shape":[1],"data_offsets":[0,8]}}"#
    let data = withUnsafeBytes(of: (0.1).bitPattern.littleEndian) { Array($0) }
    let file = try Safetensors(SafetensorsFixture.file(header: Array(header.utf8), data: data))
    #expect(file["x"]?.values == [0.1])
  }

  @Test func refusesWhatIsNotSafetensors() {
    #expect(problem([]) == .foreign)
    #expect(problem(Array("a text file that is long enough".utf8)) == .foreign)
  }

  @Test func refusesEveryTruncationAndAppendix() {
    let bytes = SafetensorsFixture(metadata: [:], tensors: [("a", [4], [1, 2, 3, 4])]).bytes()
    for count in 10..<bytes.count {
      guard case .truncated = problem(Array(bytes[..<count])) else {
        Issue.record("\(count) of \(bytes.count) bytes were not called truncated")
        continue
      }
    }
    let two = SafetensorsFixture(
      metadata: [:], tensors: [("a", [4], [1, 2, 3, 4]), ("b", [2], [5, 6])]
    ).bytes()
    #expect(
      problem(Array(two.dropLast(20))) == .truncated(expected: two.count, found: two.count - 20))
    #expect(problem(bytes + [0]) == .truncated(expected: bytes.count, found: bytes.count + 1))
  }

  @Test(arguments: [
    #"{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"#,
    #"{"x":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}"#,
    #"{"x":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}"#,
    #"{"x":{"dtype":"F32","shape":[1],"data_offsets":[0]}}"#,
    #"{"x":{"dtype":"F32","data_offsets":[0,4]}}"#,
    #"{"x":{"dtype":"F32","shape":[4294967295,4294967295,4294967295],"data_offsets":[0,4]}}"#,
    #"{"x":{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}}"#,
  ])
  func refusesTensorsThatContradictThemselves(header: String) {
    #expect(problem(file(header, dataSize: 4)) == .tensorHeader("x"))
  }

  @Test func refusesOtherElementTypesAndValuesThatAreNotFinite() {
    #expect(
      problem(file(#"{"x":{"dtype":"BF16","shape":[2],"data_offsets":[0,4]}}"#, dataSize: 4))
        == .elementType(tensor: "x", found: "BF16"))
    let fixture = SafetensorsFixture(tensors: [("x", [2], [1, .nan])])
    #expect(problem(fixture.bytes()) == .notFinite(tensor: "x"))
  }

  @Test func mutatedFilesAreReadOrRefusedAndNeverCrash() {
    let original = SafetensorsFixture(
      metadata: ["edge": "{}"], tensors: [("a", [2, 3], [1, 2, 3, 4, 5, 6]), ("b", [1], [0])]
    ).bytes()
    var generator = SplitMix(seed: 1)
    for _ in 0..<20_000 {
      var bytes = original
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        bytes[Int.random(in: 0..<bytes.count, using: &generator)] = UInt8.random(
          in: 0...255, using: &generator)
      }
      _ = problem(bytes)
    }
  }
}
