/// The version that `--version`, `hello` and the log name.
let version = "0.1.0"
