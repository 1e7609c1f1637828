// The whole core as a bare-metal program would use it: no operating system, no allocation, bytes in and numbers out.
// Compiled in Embedded Swift for ARM64 and as ordinary Swift for this machine; both must print the same.

import Acoustics
import FixedPoint
import Inference
import ModelFile
import Recognition

/// Told of each number in turn: what happened (0 speech starts, 1 interim, 2 final, 3 speech ends), then its details.
public typealias Report = @convention(c) (Int64) -> Void

/// Runs `sampleCount` samples through the model at `model`, in the memory at `work`, both aligned to 64 bytes.
///
/// Returns 0, or 1 for a model that is refused, 2 for memory too small, 3 for a known answer that does not come out.
@_cdecl("listen")
public func listen(
  _ model: UnsafeRawPointer, _ modelSize: Int, _ samples: UnsafePointer<Int16>, _ sampleCount: Int,
  _ work: UnsafeMutableRawPointer, _ workSize: Int, _ report: Report
) -> Int32 {
  do throws(ModelProblem) {
    let model = try Model(UnsafeRawBufferPointer(start: model, count: modelSize))
    var counting = Arena.counting()
    _ = recognizer(model, &counting)
    guard counting.used <= workSize else { return 2 }
    var answering = Arena(UnsafeMutableRawBufferPointer(start: work, count: workSize))
    var classifier = IntegerClassifier(model.features, program: model.program, arena: &answering)
    try model.knownAnswer.check(&classifier)
    var arena = Arena(UnsafeMutableRawBufferPointer(start: work, count: workSize))
    var recognizer = recognizer(model, &arena)
    recognizer.restart()
    let classCount = Int(model.recognition.classCount)
    let audio = UnsafeBufferPointer(start: samples, count: sampleCount)
    recognizer.push(audio) { tell($0, classCount, report) }
    recognizer.interrupt { tell($0, classCount, report) }
    return 0
  } catch {
    if case .knownAnswer = error { return 3 }
    return 1
  }
}

private func recognizer(_ model: Model, _ arena: inout Arena) -> Recognizer<IntegerClassifier> {
  let classifier = IntegerClassifier(model.features, program: model.program, arena: &arena)
  return Recognizer(
    model.recognition, frontEnd: model.frontEnd, network: classifier, arena: &arena)
}

private func tell(_ event: RecognitionEvent, _ classCount: Int, _ report: Report) {
  switch event {
  case .speechStart(let segment, let start, let speech):
    report(0)
    report(Int64(segment))
    report(start)
    report(speech)
  case .decision(let decision):
    report(decision.isFinal ? 2 : 1)
    report(decision.start)
    report(decision.end)
    report(Int64(decision.level))
    report(Int64(decision.baseline))
    let scores = Scores(decision.logits, classCount: classCount)
    for index in 0..<classCount {
      report(Int64(decision.logits.values[index]))
      report(Int64(scores.values[index]))
    }
  case .speechEnd(let segment, let start, let end, let speech):
    report(3)
    report(Int64(segment))
    report(start)
    report(end)
    report(speech)
  }
}
