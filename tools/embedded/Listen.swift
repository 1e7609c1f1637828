// The whole core as a bare-metal program would use it: no operating system, no allocation, bytes in
// and numbers out. Compiled in Embedded Swift for ARM64 and as ordinary Swift for this machine;
// both must print the same.

import Acoustics
import FixedPoint
import Inference
import ModelFile
import Recognition

/// Told of each number in turn, with what it belongs to: 0 a frame, 1 the start of speech, 2 an
/// interim decision, 3 a final one, 4 the end of speech.
public typealias Report = @convention(c) (Int32, Int64) -> Void

/// Runs `sampleCount` samples at `rate` Hz through the model at `model`, in the memory at `work`,
/// both aligned to 64 bytes.
///
/// Returns 0, or 1 for a model that is refused, 2 for memory too small, 3 for a known answer that
/// does not come out, 4 for a rate that is refused.
@_cdecl("listen")
public func listen(
  _ model: UnsafeRawPointer, _ modelSize: Int, _ samples: UnsafePointer<Int16>, _ sampleCount: Int,
  _ rate: Int, _ work: UnsafeMutableRawPointer, _ workSize: Int, _ report: Report
) -> Int32 {
  do throws(ModelProblem) {
    let model = try Model(UnsafeRawBufferPointer(start: model, count: modelSize))
    var answering = Arena.counting()
    _ = IntegerClassifier(model.features, program: model.program, arena: &answering)
    guard answering.used <= workSize else { return 2 }
    answering = Arena(UnsafeMutableRawBufferPointer(start: work, count: workSize))
    var classifier = IntegerClassifier(model.features, program: model.program, arena: &answering)
    try model.knownAnswer.check(&classifier)
    if let detector = model.detector {
      let tables = detector.tables
      var counting = Arena.counting()
      _ = IntegerClassifier(tables.features, program: tables.program, arena: &counting)
      guard counting.used <= workSize else { return 2 }
      var arena = Arena(UnsafeMutableRawBufferPointer(start: work, count: workSize))
      var hearing = IntegerClassifier(tables.features, program: tables.program, arena: &arena)
      try detector.knownAnswer.check(&hearing)
    }
    return hear(
      model, UnsafeBufferPointer(start: samples, count: sampleCount), rate,
      UnsafeMutableRawBufferPointer(start: work, count: workSize), report)
  } catch {
    if case .knownAnswer = error { return 3 }
    return 1
  }
}

private func hear(
  _ model: Model, _ samples: UnsafeBufferPointer<Int16>, _ rate: Int,
  _ work: UnsafeMutableRawBufferPointer, _ report: Report
) -> Int32 {
  do throws(Resampler.Problem) {
    var counting = Arena.counting()
    _ = try Listener(model, rate: rate, arena: &counting)
    guard counting.used <= work.count else { return 2 }
    var arena = Arena(work)
    var listener = try Listener(model, rate: rate, arena: &arena)
    listener.hear(samples, report)
    return 0
  } catch {
    return 4
  }
}

/// Every stage from a sound card's samples on; the front end a second time, because the recognizer
/// keeps its own to itself.
private struct Listener: ~Copyable {
  private var resampler: Resampler
  private var frontEnd: FrontEnd
  private var recognizer: Recognizer<IntegerClassifier>
  private let classCount: Int

  init(_ model: Model, rate: Int, arena: inout Arena) throws(Resampler.Problem) {
    resampler = try Resampler(rate: rate, arena: &arena)
    frontEnd = FrontEnd(model.frontEnd, arena: &arena)
    let classifier = IntegerClassifier(model.features, program: model.program, arena: &arena)
    recognizer = Recognizer(
      model.recognition, frontEnd: model.frontEnd, network: classifier, arena: &arena)
    classCount = Int(model.recognition.classCount)
  }

  mutating func hear(_ samples: UnsafeBufferPointer<Int16>, _ report: Report) {
    resampler.restart()
    frontEnd.restart()
    recognizer.restart()
    let classCount = classCount
    var rest = samples
    while let converted = resampler.next(&rest) {
      reportFrames(converted, report)
      recognizer.push(converted) { tell($0, classCount, report) }
    }
    recognizer.interrupt { tell($0, classCount, report) }
  }

  /// Reports every raw vector.
  private mutating func reportFrames(_ samples: UnsafeBufferPointer<Int16>, _ report: Report) {
    var rest = samples
    while let raw = frontEnd.next(&rest) {
      for index in 0..<frontEnd.rawCount { report(0, Int64(raw[index])) }
    }
  }
}

private func tell(_ event: RecognitionEvent, _ classCount: Int, _ report: Report) {
  switch event {
  case .speechStart(let segment, let start, let speech):
    report(1, Int64(segment))
    report(1, start)
    report(1, speech)
  case .decision(let decision):
    let kind: Int32 = decision.isFinal ? 3 : 2
    report(kind, decision.start)
    report(kind, decision.end)
    report(kind, Int64(decision.level))
    report(kind, Int64(decision.baseline))
    let scores = Scores(decision.logits, classCount: classCount)
    for index in 0..<classCount {
      report(kind, Int64(decision.logits.values[index]))
      report(kind, Int64(scores.values[index]))
    }
  case .speechEnd(let segment, let start, let end, let speech):
    report(4, Int64(segment))
    report(4, start)
    report(4, end)
    report(4, speech)
  }
}
