import Glibc
import TestSupport
@testable import InferenceTests

/// The fuzzer's program: `fuzz TARGET OPTION… FOLDER…` as libFuzzer has it, or
/// `fuzz --seeds TARGET FOLDER` to write the inputs to begin with. `tools/fuzz` builds and calls
/// it.
@main enum Fuzz {
  /// Everything that reads what strangers wrote, by name.
  static var targets: [(name: String, type: any Target.Type)] {
    [
      ("model", DeviceModelTarget.self), ("float-model", FloatModelTarget.self),
      ("configuration", ConfigurationTarget.self), ("request", RequestTarget.self),
      ("json", JSONTarget.self), ("wave", WaveTarget.self),
    ]
  }

  /// The one that runs. The fuzzer has one thread.
  nonisolated(unsafe) static var target: any Target.Type = JSONTarget.self
  /// Inputs that were read to the end without a refusal.
  nonisolated(unsafe) static var accepted = 0

  static func main() {
    let words = CommandLine.arguments
    if words.count == 2, words[1] == "--list" {
      for target in targets { print(target.name) }
    } else if words.count == 4, words[1] == "--seeds", let target = named(words[2]) {
      writeSeeds(of: target, to: words[3])
    } else if words.count >= 2, let target = named(words[1]) {
      self.target = target
      atexit { Fuzz.say("accepted: \(Fuzz.accepted)") }
      exit(runDriver(words))
    } else {
      say("usage: fuzz TARGET …, fuzz --seeds TARGET FOLDER, fuzz --list")
      exit(64)
    }
  }

  private static func say(_ sentence: String) {
    let line = Array("\(sentence)\n".utf8)
    write(STDERR_FILENO, line, line.count)
  }

  private static func named(_ name: String) -> (any Target.Type)? {
    targets.first { $0.name == name }?.type
  }

  private static func writeSeeds(of target: any Target.Type, to folder: String) {
    for (index, seed) in target.seeds().enumerated() {
      guard let file = fopen("\(folder)/made-\(index)", "w") else {
        perror(folder)
        exit(1)
      }
      fwrite(seed, 1, seed.count, file)
      fclose(file)
    }
  }

  /// libFuzzer with the words after the target's name.
  private static func runDriver(_ words: [String]) -> Int32 {
    var arguments: [UnsafeMutablePointer<CChar>?] =
      ([words[0]] + words.dropFirst(2)).map { strdup($0) } + [nil]
    var count = Int32(arguments.count - 1)
    return arguments.withUnsafeMutableBufferPointer { buffer in
      var start = buffer.baseAddress!
      return fuzzerRunDriver(&count, &start) { bytes, count in
        let input = UnsafeRawBufferPointer(start: bytes, count: count)
        let isAccepted = Fuzz.target.read(input)
        if isAccepted { Fuzz.accepted += 1 }
        return isAccepted || Fuzz.target.learnsFromRefusals ? 0 : -1
      }
    }
  }
}

@_silgen_name("LLVMFuzzerRunDriver")
private func fuzzerRunDriver(
  _ count: UnsafeMutablePointer<Int32>,
  _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
  _ body: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32
) -> Int32

/// libFuzzer's own mutation of `count` bytes, which may grow up to `room`; gives how many there are
/// then.
@_silgen_name("LLVMFuzzerMutate")
func fuzzerMutate(_ bytes: UnsafeMutablePointer<UInt8>, _ count: Int, _ room: Int) -> Int

/// What libFuzzer calls to mutate an input.
@_cdecl("LLVMFuzzerCustomMutator")
func fuzzerCustomMutator(
  _ bytes: UnsafeMutablePointer<UInt8>, _ count: Int, _ room: Int, _ seed: UInt32
) -> Int {
  let memory = UnsafeMutableRawBufferPointer(start: bytes, count: room)
  var random = SplitMix(seed: UInt64(seed))
  return Fuzz.target.mutate(memory, count: count, &random)
}
