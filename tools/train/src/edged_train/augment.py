"""Stored versions of a clip: what a different throat, room or microphone would have given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray
from scipy.fft import next_fast_len
from scipy.signal import resample

from edged_train.problem import Problem
from edged_train.recipe import Augmentation

Samples = NDArray[np.float32]

BABBLE_TALKERS = (3, 7)
"""Fewest clips in a babble, and one more than most."""


@dataclass(frozen=True)
class Version:
    """One stored version of a clip; the defaults are the clip itself."""

    speed: float = 1.0
    warp: float = 1.0
    noise_snr_db: float | None = None
    gain_db: float = 0.0
    talkers: int = 0
    """Of how many other clips the noise is the babble; 0 for coloured noise."""
    telephone: bool = False


def draw(augmentation: Augmentation, random: np.random.Generator, degraded: bool = False) -> Version:
    """A version at random; speed and warp uniform in the logarithm."""

    def factor(bounds: tuple[float, float]) -> float:
        return float(np.exp(random.uniform(np.log(bounds[0]), np.log(bounds[1]))))

    speed, warp = factor(augmentation.speed), factor(augmentation.warp)
    noisy = random.random() < augmentation.noise_share
    snr = float(random.uniform(*augmentation.noise_snr_db))
    gain = float(random.uniform(*augmentation.stored_gain_db))
    if not degraded:
        return Version(speed, warp, snr if noisy else None, gain)
    telephone = random.random() < augmentation.telephone_share
    noisy = not telephone or random.random() < augmentation.telephone_noise_share
    snr = float(random.uniform(*augmentation.degraded_snr_db))
    talkers = int(random.integers(*BABBLE_TALKERS)) if noisy and random.random() < augmentation.babble_share else 0
    return Version(speed, warp, snr if noisy else None, gain, talkers, telephone)


def read(path: str, rate: int) -> Samples:
    """A clip as mono samples in ±1. Raises `Problem` if it cannot be read or has another rate."""
    try:
        samples, found = soundfile.read(path, dtype="float32", always_2d=True)
    except (OSError, soundfile.LibsndfileError) as error:
        raise Problem(f"cannot read {path}: {error}") from error
    mono: Samples = samples.mean(axis=1)
    if found != rate:
        mono = change_rate(mono, found / rate)
    return mono


def write(samples: Samples, path: Path, rate: int) -> None:
    """Writes 16-bit WAV, rounded to nearest and saturated as a converter would."""
    integers = np.clip(np.rint(samples * 32768), -32768, 32767).astype(np.int16)
    soundfile.write(path, integers, rate, subtype="PCM_16")


def apply(
    version: Version, samples: Samples, rate: int, random: np.random.Generator, others: Sequence[Samples] = ()
) -> Samples:
    """The version of `samples`, except for its warp, which the front end applies; `others` babble in it."""
    if version.speed != 1:
        samples = change_rate(samples, version.speed)
    if version.noise_snr_db is not None:
        noise = babble(others, len(samples), random) if others else coloured_noise(len(samples), rate, random)
        samples = add_noise(samples, noise, version.noise_snr_db)
    if version.telephone:
        samples = telephone(samples, rate)
    return (samples * 10 ** (version.gain_db / 20)).astype(np.float32)


def add_noise(samples: Samples, noise: Samples, snr_db: float) -> Samples:
    """Adds noise of unit variance at a ratio of the whole clip's power to the noise's."""
    return np.asarray(samples + noise * (float(samples.std()) * 10 ** (-snr_db / 20)), dtype=np.float32)


def babble(others: Sequence[Samples], count: int, random: np.random.Generator) -> Samples:
    """Several clips at once, each from a random moment on and over again, of unit variance."""
    total = np.zeros(count, np.float32)
    for other in others:
        start = int(random.integers(0, len(other)))
        total += np.resize(np.roll(other, -start), count) / max(float(other.std()), 1e-6)
    return np.asarray(total / max(float(total.std()), 1e-12), dtype=np.float32)


def telephone(samples: Samples, rate: int) -> Samples:
    """What a telephone leaves: 300–3400 Hz, sampled at 8 kHz, in eight bits of G.711's μ-law."""
    padded = next_fast_len(len(samples), real=True)
    spectrum = np.fft.rfft(samples, padded)
    corners = (200, 300, 3400, 3700)
    spectrum *= np.interp(np.fft.rfftfreq(padded, 1 / rate), corners, (0, 1, 1, 0))
    narrow = np.fft.irfft(spectrum, padded)[: len(samples)].astype(np.float32)
    return change_rate(companded(change_rate(narrow, rate / 8000)), 8000 / rate)


def companded(samples: Samples) -> Samples:
    """Through G.711's μ-law and back (ITU-T G.711, table 2a): four bits of mantissa, three of exponent."""
    integers = np.clip(np.rint(samples * 32768), -32635, 32635).astype(np.int32)
    biased = np.abs(integers) + 132
    exponent = np.floor(np.log2(biased)).astype(np.int32) - 7
    step = np.left_shift(8, exponent)
    decoded = (biased // step) * step + step // 2 - 132
    return np.asarray(np.sign(integers) * decoded / 32768, dtype=np.float32)


def change_rate(samples: Samples, factor: float) -> Samples:
    """Plays `samples` `factor` times as fast: band-limited, by the Fourier transform of a padded copy."""
    padded = next_fast_len(len(samples), real=True)
    target = next_fast_len(int(padded / factor), real=True)
    changed = resample(np.pad(samples, (0, padded - len(samples))), target)
    return np.asarray(changed[: int(len(samples) / factor)], dtype=np.float32)


def coloured_noise(count: int, rate: int, random: np.random.Generator) -> Samples:
    """Noise of unit variance whose spectrum falls (or rises) with a random power of frequency."""
    # A length that the transform is fast at: a prime would take twenty times as long.
    padded = next_fast_len(count, real=True)
    frequencies = np.fft.rfftfreq(padded, 1 / rate)
    frequencies[0] = frequencies[min(1, len(frequencies) - 1)] or 1
    amplitude = (frequencies / 1000) ** random.uniform(-1.2, 0.3)
    amplitude[frequencies < 50] = 0
    noise = np.fft.irfft(amplitude * np.exp(2j * np.pi * random.random(len(frequencies))), padded)[:count]
    return np.asarray(noise / max(noise.std(), 1e-12), dtype=np.float32)
