import CSystemd

/// Which board this is.
public enum MachineIdentity {
  /// 32 hexadecimal digits that are the same at every start and tell nothing else: the machine ID,
  /// hashed with a number of ours, since the ID itself must not leave the machine. Nil where there
  /// is none.
  public static func identifier() -> String? {
    var id = sd_id128_t()
    let application = sd_id128_t(
      bytes: (
        0x4d, 0x1f, 0x9a, 0x3c, 0x7e, 0x52, 0x46, 0x0b, 0x8c, 0x1d, 0xe3, 0x95, 0x70, 0xb8, 0x2a,
        0x64
      ))
    guard sd_id128_get_machine_app_specific(application, &id) == 0 else { return nil }
    return withUnsafeBytes(of: id) { bytes in
      bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
  }
}
