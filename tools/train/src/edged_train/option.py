"""Number types for argparse that explain why they refuse a value."""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable


def whole(least: int, most: float = math.inf) -> Callable[[str], int]:
    """A parser of whole numbers between two bounds."""

    def read(text: str) -> int:
        if not (text.isascii() and text.isdecimal() and least <= int(text) <= most):
            span = f"from {least} on" if most == math.inf else f"from {least} to {most}"
            raise argparse.ArgumentTypeError(f"{text} is not a whole number {span}")
        return int(text)

    return read


def within(least: float, most: float) -> Callable[[str], float]:
    """A parser of numbers between two bounds; `nan` is refused."""

    def read(text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not least <= value <= most:
            raise argparse.ArgumentTypeError(f"{text} is not a number from {least:g} to {most:g}")
        return value

    return read
