/// One capture device of a sound card, as the system's files describe it.
public struct CaptureDevice: Equatable, Sendable {
  /// The card's current number, which may change when it is plugged in again.
  public var card: Int
  /// The device's number on the card.
  public var device: Int
  /// The card's current id, which is unique, such as `Device` or `PCH`.
  public var id: String
  /// Names of links to the card in /dev/snd/by-path.
  public var paths: [String]
  /// Names of links to the card in /dev/snd/by-id.
  public var serials: [String]

  /// The card and device as they are named in the configuration.
  public var name: String { DeviceName.card(id: id, device: device).text }
}
