import CLinux
import Glibc

/// CLOCK_MONOTONIC in nanoseconds.
func monotonicNanoseconds() -> Int64 { linux_nanoseconds(CLOCK_MONOTONIC) }
