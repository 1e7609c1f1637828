import Console
import JSON
import Text

/// What a file says of its model: data, licence, accuracy and so on.
struct ModelCard {
  private let card: JSONObject

  init(_ card: JSONObject) {
    self.card = card
  }

  /// The card in lines, as a person reads it, the accuracies as a table.
  var text: String {
    "model card\n" + TextTable.aligned(ModelCard.rows(.object(card), path: [])) + accuracyText
  }

  /// Where the trainer has written accuracies, by condition.
  private static let accuracyPath = ["provenance", "accuracy"]

  /// A line for each fact, nested names joined by dots; what `accuracyText` shows is left out.
  private static func rows(_ value: JSONValue, path: [String]) -> [(String, String)] {
    let name = path.joined(separator: ".")
    switch value {
    case .object(let object):
      if path.dropLast() == accuracyPath[...], object["accuracy"] != nil { return [] }
      return object.members.flatMap { rows($0.value, path: path + [$0.key]) }
    case .string(let text):
      return [(name, text)]
    case .array(let elements):
      guard !elements.contains(where: { $0.array != nil }) else { return [] }
      return [(name, elements.map { $0.string ?? $0.description }.joined(separator: ", "))]
    default:
      return [(name, value.description)]
    }
  }

  /// Conditions in which something was measured, each with its figures.
  private var conditions: [(name: String, figures: JSONObject)] {
    (card["provenance"]?["accuracy"]?.object?.members ?? []).compactMap { member in
      guard let figures = member.value.object, figures["accuracy"] != nil else { return nil }
      return (member.key, figures)
    }
  }

  private var classNames: [String] {
    conditions.first { $0.figures["classes"] != nil }?.figures["classes"]?.object?.members
      .map(\.key) ?? []
  }

  /// The trainer's figures for the float model, and how often this file's network agrees with it.
  private var accuracyText: String {
    guard !conditions.isEmpty else { return "" }
    let classes = classNames
    let header = ["", "accuracy", "UAR"] + classes
    // A line of its own for precision: beside recall it would make the table too wide for terminals.
    let rows = conditions.flatMap { name, figures in
      let recalls = ModelCard.row("recall", classes, figures)
      let precisions = ModelCard.row("precision", classes, figures)
      let first = [name, ModelCard.percent(figures["accuracy"]), ModelCard.percent(figures["uar"])]
      let below = precisions.contains { !$0.isEmpty } ? [["  precision", "", ""] + precisions] : []
      return [first + recalls] + below
    }
    let precision =
      rows.count > conditions.count
      ? "; precision is the share of what was taken for a class that is of it" : ""
    return """

      of the float model before its conversion, in %: accuracy, and the share of each class that was
      recognized\(precision)
      \(TextTable(leftAligned: [0]).text([header] + rows))\(conversion)
      """
  }

  /// One figure of a condition, for each class.
  private static func row(_ figure: String, _ classes: [String], _ figures: JSONObject) -> [String]
  {
    classes.map { percent(figures["classes"]?[$0]?[figure]) }
  }

  private var conversion: String {
    guard let share = card["quantization"]?["agreement"]?.number else { return "" }
    let contexts = card["quantization"]?["contexts"]?.integer.map { " of \($0)" } ?? ""
    return
      "this file's int8 network gave the same label in \(decimal(share * 100, places: 2)) %\(contexts) contexts\n"
  }

  private static func percent(_ value: JSONValue?) -> String {
    value?.number.map { decimal($0, places: 1) } ?? ""
  }
}
