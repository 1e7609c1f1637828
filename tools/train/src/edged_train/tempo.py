"""Changes tempo at constant pitch, and pitch at constant tempo."""

from __future__ import annotations

import numpy as np
from scipy.signal import fftconvolve

from edged_train.sound import Samples, change_rate

FRAME_S = 0.032
"""Length of the pieces that are moved: two periods of a low voice."""

SEARCH_S = 0.010
"""How far a piece may move to fit the one before: one period of a low voice."""


def stretched(samples: Samples, factor: float, rate: int) -> Samples:
    """Plays `samples` `factor` times as fast at the same pitch.

    WSOLA: overlap-adds pieces taken from near their nominal position, where they continue the previous piece most
    smoothly (Verhelst and Roelands, An overlap-add technique based on waveform similarity, ICASSP 1993).
    """
    hop = round(FRAME_S * rate / 2)
    frame, search = 2 * hop, round(SEARCH_S * rate)
    count = max(1, round(len(samples) / factor))
    pieces = -(-count // hop) + 1
    # Half a piece before, so that the first overlap is complete; enough after, so that no piece ends early.
    behind = search + frame + hop + max(0, round(pieces * hop * factor) - len(samples))
    padded = np.pad(samples, (hop + search, behind))
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(frame) / frame)
    result = np.zeros((pieces + 1) * hop)
    position = search
    for piece in range(pieces):
        if piece:
            continued = padded[position + hop : position + hop + frame]
            around = search + round(piece * hop * factor)
            candidates = padded[around - search : around + search + frame]
            position = around - search + _most_alike(candidates, continued)
        result[piece * hop : piece * hop + frame] += window * padded[position : position + frame]
    return result[hop : hop + count].astype(np.float32)


def _most_alike(candidates: Samples, piece: Samples) -> int:
    """Start of the stretch in `candidates` with the highest correlation to `piece`, normalized by its own power."""
    products = fftconvolve(candidates, piece[::-1], mode="valid")
    sums = np.concatenate([[0.0], np.cumsum(candidates.astype(np.float64) ** 2)])
    power = sums[len(piece) :] - sums[: -len(piece)]
    return int(np.argmax(products / np.sqrt(power + 1e-6)))


def repitched(samples: Samples, semitones: float, rate: int) -> Samples:
    """`samples` with pitch and formants shifted by `semitones`, at the same length."""
    factor = float(2 ** (semitones / 12))
    moved = change_rate(stretched(samples, 1 / factor, rate), factor)
    return np.pad(moved, (0, max(0, len(samples) - len(moved))))[: len(samples)]
