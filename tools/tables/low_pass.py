"""Writes Sources/Acoustics/LowPass+Table.swift: the impulse response of the resampler's filter in Q30.

A sinc with a cutoff of 8 kHz under a Kaiser window of 1 ms on either side, sampled at 768 kHz from its centre on. Two zeros follow, so
that a cubic can be fitted to any four neighbours.
"""

from math import pi, sin, sqrt

BETA = 6.2
CUTOFF = 8000
TICKS_PER_SECOND = 768_000
HALF = TICKS_PER_SECOND // 1000


def bessel(x: float) -> float:
    """The modified Bessel function I0, by its power series."""
    total = term = 1.0
    k = 1
    while term > 1e-18 * total:
        term *= (x / (2 * k)) ** 2
        total += term
        k += 1
    return total


def response(tick: int) -> float:
    x = 2 * CUTOFF * tick / TICKS_PER_SECOND
    sinc = 1.0 if tick == 0 else sin(pi * x) / (pi * x)
    return sinc * bessel(BETA * sqrt(1 - (tick / HALF) ** 2)) / bessel(BETA)


entries = [round(response(tick) * 2**30) for tick in range(HALF + 1)] + [0, 0]

print("// Written by tools/tables/low_pass.py.")
print()
print("extension LowPass {")
print("  /// The right half of the impulse response, its centre one, in Q30; 768 ticks are a millisecond.")
print(f"  static let response: InlineArray<{len(entries)}, Int32> = [")
for start in range(0, len(entries), 6):
    print("    " + ", ".join(f"{e:_}" for e in entries[start : start + 6]) + ",")
print("  ]")
print("}")
