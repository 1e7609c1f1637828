"""The talker's baseline: the average features of this voice, subtracted from the current ones."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float32]


def offset(past: NDArray[np.float32], corpus_mean: Vector, prior: float) -> Vector:
    """b = (Σ μ_q + prior · g) / (n + prior) − g for past segment means `past` [n, bands] and corpus mean g.

    Zero for an unknown talker (n = 0).
    """
    total = past.sum(axis=0, dtype=np.float32) + prior * corpus_mean
    return np.asarray(total / (len(past) + prior) - corpus_mean, dtype=np.float32)


def known_share(n: int, prior: float) -> float:
    """The share of a constant offset of the talker or the microphone that n past segments cancel."""
    return n / (n + prior)
