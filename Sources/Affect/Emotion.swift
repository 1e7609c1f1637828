/// The words that `edged` has for how a voice sounds.
///
/// A model has classes of its own (one may tell `angry_male` from `angry_female`); each class maps
/// to one of these. `unknown` is not a class of any model: it is reported when the evidence is too
/// thin to say more.
public enum Emotion: String, CaseIterable, Sendable {
  case neutral
  case calm
  case happy
  case sad
  case angry
  case fear
  case disgust
  case surprise
  case unknown

  /// The emotions that a model can name: all but `unknown`.
  public static let named: [Emotion] = allCases.filter { $0 != .unknown }

  /// The place among `allCases`, which orders scores everywhere.
  var index: Int { Emotion.allCases.firstIndex(of: self)! }
}
