import Affect
import EventStream
import JSON
import ModelFile
import Service

/// What `hello` says about this daemon.
extension Daemon {
  /// Everything, from scratch.
  var description: ServerDescription {
    ServerDescription(
      version: Release.version, deviceIdentifier: MachineIdentity.identifier(),
      isClockSynced: clock.isSynced,
      model: ModelSummary(model, labels),
      streams: streams.map(\.summary), agentException: plan.agentException,
      reloadRefused: reloadRefused)
  }
}

extension ModelSummary {
  /// The model's identity, and a summary of its card.
  init(_ loaded: LoadedModel, _ labels: LabelMap) {
    let provenance = loaded.card["provenance"]
    self.init(
      id: loaded.model.identifier, name: loaded.card["name"]?.string ?? "unnamed",
      labels: labels.vocabulary, accuracy: ModelSummary.figures(provenance?["accuracy"]),
      data: provenance?["data"]?.string, licence: provenance?["licence"]?.string,
      languages: (provenance?["languages"]?.array ?? []).compactMap(\.string),
      date: provenance?["date"]?.string)
  }

  /// The accuracies of a card: numbers up to 1, or what the trainer writes for a condition, with
  /// `accuracy` in percent.
  private static func figures(_ accuracy: JSONValue?) -> [Figure] {
    (accuracy?.object?.members ?? []).compactMap { member in
      let share = member.value.number ?? member.value["accuracy"]?.number.map { $0 / 100 }
      guard let share, (0...1).contains(share) else { return nil }
      return Figure(name: member.key, share: Int((share * 10_000).rounded()))
    }
  }
}
