/// A stream in a configuration, to which lines with further keys can be added.
func stream(_ name: String = "main", hears device: String) -> String {
  "[stream.\(name)]\ndevice = \"\(device)\"\n"
}
