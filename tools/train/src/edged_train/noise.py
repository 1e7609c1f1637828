"""Additive noise: coloured, babble of other talkers, or recordings."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from scipy.fft import next_fast_len

from edged_train import sound
from edged_train.problem import Problem
from edged_train.sound import Samples


def recordings(folder: Path) -> tuple[Path, ...]:
    """All recordings of noise in a folder, by name. Raises `Problem` if there is none."""
    found = tuple(sound.files(folder))
    if not found:
        raise Problem(f"{folder} holds no recordings of noise")
    return found


def add(samples: Samples, noise: Samples, snr_db: float) -> Samples:
    """Adds noise of unit variance at `snr_db`, by the power of the whole clip."""
    return np.asarray(samples + noise * (float(samples.std()) * 10 ** (-snr_db / 20)), dtype=np.float32)


def recorded(files: Sequence[Path], count: int, rate: int, random: np.random.Generator) -> Samples:
    """A stretch of one of the recordings, of unit variance; redrawn if it is silent.

    Raises `Problem` if all are silent or one cannot be read.
    """
    for _ in range(100):
        chosen = files[int(random.integers(len(files)))]
        stretch = babble([sound.read(str(chosen), rate)], count, random)
        if stretch.std() > 0.5:
            return stretch
    raise Problem(f"{files[0].parent} holds nothing but silence")


def babble(others: Sequence[Samples], count: int, random: np.random.Generator) -> Samples:
    """Several clips at once, each looped from a random start, of unit variance."""
    total = np.zeros(count, np.float32)
    for other in others:
        start = int(random.integers(0, len(other)))
        total += np.resize(np.roll(other, -start), count) / max(float(other.std()), 1e-6)
    return np.asarray(total / max(float(total.std()), 1e-12), dtype=np.float32)


def coloured(count: int, rate: int, random: np.random.Generator) -> Samples:
    """Noise of unit variance whose spectrum falls (or rises) with a random power of frequency."""
    # Padded to a fast length: for a prime the transform would take twenty times as long.
    padded = next_fast_len(count, real=True)
    frequencies = np.fft.rfftfreq(padded, 1 / rate)
    frequencies[0] = frequencies[min(1, len(frequencies) - 1)] or 1
    amplitude = (frequencies / 1000) ** random.uniform(-1.2, 0.3)
    amplitude[frequencies < 50] = 0
    noise = np.fft.irfft(amplitude * np.exp(2j * np.pi * random.random(len(frequencies))), padded)[:count]
    return np.asarray(noise / max(noise.std(), 1e-12), dtype=np.float32)
