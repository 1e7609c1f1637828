import CALSA
import Glibc
import SoundDevices

/// One control of a card's mixer that bears on recording, as `alsamixer` shows it under F4.
public struct CaptureControl: Equatable, Sendable {
  /// The card as libasound and `amixer -D` name it.
  public var card: String
  /// What the card calls it: `Mic`, `Capture` …
  public var name: String
  /// Whether its switch lets sound through; nil where it has none.
  public var isOn: Bool?
  /// Its gain in percent of its range; nil where it has none.
  public var percent: Int?
  /// The same in hundredths of a decibel; nil where the card does not say.
  public var millibels: Int?

  /// The capture controls of the card that `device` is on; empty where it has none, like many USB
  /// microphones. Nil where a PCM's name does not tell which mixer belongs to it.
  public static func all(of device: DeviceName) throws(OpenProblem) -> [CaptureControl]? {
    calsa_silence_messages()
    defer { snd_config_update_free_global() }
    let card = mixerName(of: try SoundCards().pcmName(of: device))
    var opened: OpaquePointer?
    guard snd_mixer_open(&opened, 0) >= 0, let mixer = opened else {
      throw .failed(name: device.text, reason: "out of memory")
    }
    defer { snd_mixer_close(mixer) }
    var code = snd_mixer_attach(mixer, card)
    if code >= 0 { code = snd_mixer_selem_register(mixer, nil, nil) }
    if code >= 0 { code = snd_mixer_load(mixer) }
    // A PCM from a user's own configuration need not have a mixer of the same name.
    if code == -ENOENT, card != "hw", !card.hasPrefix("hw:") { return nil }
    guard code >= 0 else { throw ALSADevice.problem(code: code, name: device.text) }
    var controls: [CaptureControl] = []
    var next = snd_mixer_first_elem(mixer)
    while let element = next {
      if let control = CaptureControl(element, card: card) { controls.append(control) }
      next = snd_mixer_elem_next(element)
    }
    return controls
  }

  private init?(_ element: OpaquePointer, card: String) {
    let hasSwitch = snd_mixer_selem_has_capture_switch(element) != 0
    let hasVolume = snd_mixer_selem_has_capture_volume(element) != 0
    guard snd_mixer_selem_is_active(element) != 0, hasSwitch || hasVolume else { return nil }
    let index = snd_mixer_selem_get_index(element)
    let name = String(cString: snd_mixer_selem_get_name(element))
    self.card = card
    self.name = index == 0 ? name : "\(name),\(index)"
    let channels = (0...SND_MIXER_SCHN_LAST.rawValue).map { snd_mixer_selem_channel_id_t($0) }
      .filter { snd_mixer_selem_has_capture_channel(element, $0) != 0 }
    isOn =
      hasSwitch
      ? channels.contains { channel in
        var value: Int32 = 0
        return snd_mixer_selem_get_capture_switch(element, channel, &value) >= 0 && value != 0
      } : nil
    var (least, most) = (0, 0)
    if hasVolume, let channel = channels.first,
      snd_mixer_selem_get_capture_volume_range(element, &least, &most) >= 0, most > least
    {
      var (volume, gain) = (0, 0)
      snd_mixer_selem_get_capture_volume(element, channel, &volume)
      percent = (volume - least) * 100 / (most - least)
      millibels = snd_mixer_selem_get_capture_dB(element, channel, &gain) >= 0 ? gain : nil
    }
  }
}
