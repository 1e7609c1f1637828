/// One capture device of a sound card, as the system's files describe it.
public struct CaptureDevice: Equatable, Sendable {
  /// The card's number now; another one after it was plugged in again.
  public var card: Int
  /// The device on the card.
  public var device: Int
  /// The card's id, unique now, such as `Device` or `PCH`.
  public var id: String
  /// Names of links to the card in /dev/snd/by-path.
  public var paths: [String]
  /// Names of links to the card in /dev/snd/by-id.
  public var serials: [String]

  /// The card and device as they are named in the configuration.
  public var name: String { DeviceName.card(id: id, device: device).text }
}
