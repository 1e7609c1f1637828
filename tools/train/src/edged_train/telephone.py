"""Simulates a telephone line."""

from __future__ import annotations

import numpy as np
from scipy.fft import next_fast_len

from edged_train.sound import Samples, change_rate


def band(samples: Samples, rate: int) -> Samples:
    """`samples` through a telephone line: 300–3400 Hz, 8 kHz, eight bits of G.711 μ-law."""
    padded = next_fast_len(len(samples), real=True)
    spectrum = np.fft.rfft(samples, padded)
    corners = (200, 300, 3400, 3700)
    spectrum *= np.interp(np.fft.rfftfreq(padded, 1 / rate), corners, (0, 1, 1, 0))
    narrow = np.fft.irfft(spectrum, padded)[: len(samples)].astype(np.float32)
    return change_rate(companded(change_rate(narrow, rate / 8000)), 8000 / rate)


def companded(samples: Samples) -> Samples:
    """`samples` through G.711 μ-law and back (ITU-T G.711, table 2a): four bits of mantissa, three of exponent."""
    integers = np.clip(np.rint(samples * 32768), -32635, 32635).astype(np.int32)
    biased = np.abs(integers) + 132
    exponent = np.floor(np.log2(biased)).astype(np.int32) - 7
    step = np.left_shift(8, exponent)
    decoded = (biased // step) * step + step // 2 - 132
    return np.asarray(np.sign(integers) * decoded / 32768, dtype=np.float32)
