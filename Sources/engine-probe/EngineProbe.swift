import Foundation
import JSON

/// The engine's own numbers, for programs that compare it with others (`tools/bench`); nothing that
/// ships.
@main struct EngineProbe {
  static func main() throws {
    do {
      switch CommandLine.arguments.dropFirst().first {
      case "features" where CommandLine.argc == 3:
        try ModelProbe(path: CommandLine.arguments[2]).printFeatures()
      case "logits" where CommandLine.argc == 4:
        guard let frames = Int(CommandLine.arguments[3]), frames > 0 else {
          throw ProbeProblem.usage
        }
        try ModelProbe(path: CommandLine.arguments[2]).printLogits(window: frames)
      case "cepstrum" where CommandLine.argc == 2:
        try FileHandle.standardOutput.write(
          contentsOf: Data("\(try StandardCepstrum.microseconds())\n".utf8))
      case "operators" where CommandLine.argc == 2:
        while let line = readLine() {
          let request = try JSONValue(parsing: Array(line.utf8))
          let answer = JSONValue.array(try OperatorProbe.run(request).map { .integer(Int($0)) })
          try FileHandle.standardOutput.write(contentsOf: Data("\(answer)\n".utf8))
        }
      default:
        throw ProbeProblem.usage
      }
    } catch {
      FileHandle.standardError.write(Data("engine-probe: \(error)\n".utf8))
      exit(1)
    }
  }

  /// All of standard input, as values of a type.
  static func input<Value: BitwiseCopyable>(as type: Value.Type) -> [Value] {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65536)
    while true {
      let count = read(STDIN_FILENO, &chunk, chunk.count)
      guard count > 0 else { break }
      bytes += chunk[..<count]
    }
    return bytes.withUnsafeBytes { raw in
      (0..<raw.count / MemoryLayout<Value>.size).map {
        raw.loadUnaligned(fromByteOffset: $0 * MemoryLayout<Value>.size, as: Value.self)
      }
    }
  }
}

/// Why the probe has no answer.
enum ProbeProblem: Error, CustomStringConvertible {
  case usage
  /// A request lacks a field, or the field is none of its kind.
  case field(String)
  case unknownOperator(String)

  var description: String {
    switch self {
    case .usage:
      """
      usage: engine-probe features MODEL < samples    int16 samples to int8 rows
             engine-probe logits MODEL FRAMES < rows  int8 rows, in windows of FRAMES, to int32 logits
             engine-probe cepstrum < samples          how long the standard front end takes for a second of them
             engine-probe operators < requests        a JSON object a line to an array of codes a line
      """
    case .field(let name): "the request's field “\(name)” is missing or wrong"
    case .unknownOperator(let name): "no operator “\(name)”"
    }
  }
}
