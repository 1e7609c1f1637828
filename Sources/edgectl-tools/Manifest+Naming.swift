import ArgumentParser
import Console
import Evaluation

extension Manifest {
  /// Like `read`, but prints a sentence for each invalid line and throws the exit code of failure.
  static func namingWrongLines(_ read: () throws -> Manifest) throws -> Manifest {
    do {
      return try read()
    } catch let wrong as WrongLines {
      for sentence in wrong.sentences { StandardError.note(sentence) }
      throw ExitCode.failure
    }
  }
}
