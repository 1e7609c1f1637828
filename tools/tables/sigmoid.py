"""Fits the cubics of Sources/FixedPoint/Sigmoid+Coefficients.swift.

    python3 tools/tables/sigmoid.py > Sources/FixedPoint/Sigmoid+Coefficients.swift

The function is s(x) = (sigmoid(x) - 1/2) * 65536 for x >= 0, x in Q4.11, in 16 segments of width 1. Within a segment
the fraction f runs from 0 to 1 in steps of 1/2048 and the value is c0 + f (c1 + f (c2 + f c3)), each product rounded
as PMULHRSW and SQRDMULH round it, the last sum clamped to 0...32767. A least-squares fit, rounded, is improved until
the greatest error over all 2048 codes no longer falls. The error that is minimized is that of the integers, which is
the one that counts. Needs numpy.
"""

import itertools
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

FRACTION = np.arange(2048, dtype=np.int64) << 4  # Q15


def product(a: NDArray[np.int64] | np.int64, b: NDArray[np.int64]) -> NDArray[np.int64]:
    return (a * b + (1 << 14)) >> 15


def fits(a: NDArray[np.int64]) -> bool:
    """Whether every value survives 16-bit arithmetic."""
    return bool(np.min(a) >= -32768 and np.max(a) <= 32767)


def error(c: Sequence[int], wanted: NDArray[np.float64]) -> float:
    if not fits(np.array(c)):
        return np.inf
    inner = c[2] + product(np.int64(c[3]), FRACTION)
    middle = c[1] + product(inner, FRACTION)
    if not (fits(inner) and fits(middle)):
        return np.inf
    return float(np.max(np.abs(np.clip(c[0] + product(middle, FRACTION), 0, 32767) - wanted)))


def fit(segment: int) -> tuple[list[int], float]:
    fraction = np.arange(2048) / 2048
    wanted = 65536 * (1 / (1 + np.exp(-(segment + fraction))) - 0.5)
    power = np.polynomial.polynomial.polyfit(fraction, wanted, 3)
    best = [min(32767, round(float(v))) for v in power]
    least = error(best, wanted)
    reach = 64
    while reach:
        better = False
        for step in itertools.product([0, -reach, reach], repeat=4):
            candidate = [b + s for b, s in zip(best, step, strict=True)]
            found = error(candidate, wanted)
            if found < least:
                best, least, better = candidate, found, True
        if not better:
            reach //= 2
    return best, least


def main() -> None:
    cubics = [fit(segment) for segment in range(16)]
    print("// Made by tools/tables/sigmoid.py; do not edit.")
    print()
    print("extension Sigmoid {")
    print(
        "  /// The cubic of each of 16 unit segments of |x|: 16 constant terms, 16 linear ones, 16 squares, 16 cubes."
    )
    print(f"  /// The greatest error is {max(least for _, least in cubics):.2f}.")
    print("  public static let coefficients: InlineArray<64, Int16> = [")
    for power in range(4):
        row = [str(c[power]) for c, _ in cubics]
        print("    " + ", ".join(row[:8]) + ",")
        print("    " + ", ".join(row[8:]) + ",")
    print("  ]")
    print("}")


main()
