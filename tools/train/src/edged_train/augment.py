"""Stored versions of a clip: what a different throat, room or microphone would have given."""

from __future__ import annotations

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


@dataclass(frozen=True)
class Version:
    """One stored version of a clip; the defaults are the clip itself."""

    speed: float = 1.0
    warp: float = 1.0
    noise_snr_db: float | None = None
    gain_db: float = 0.0


def draw(augmentation: Augmentation, random: np.random.Generator) -> Version:
    """A version at random; speed and warp uniform in the logarithm."""

    def factor(bounds: tuple[float, float]) -> float:
        return float(np.exp(random.uniform(np.log(bounds[0]), np.log(bounds[1]))))

    speed, warp = factor(augmentation.speed), factor(augmentation.warp)
    noisy = random.random() < augmentation.noise_share
    snr = float(random.uniform(*augmentation.noise_snr_db))
    gain = float(random.uniform(*augmentation.stored_gain_db))
    return Version(speed, warp, snr if noisy else None, gain)


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


def apply(version: Version, samples: Samples, rate: int, random: np.random.Generator) -> Samples:
    """The version of `samples`, except for its warp, which the front end applies."""
    if version.speed != 1:
        samples = change_rate(samples, version.speed)
    if version.noise_snr_db is not None:
        deviation = float(samples.std()) * 10 ** (-version.noise_snr_db / 20)
        samples = samples + coloured_noise(len(samples), rate, random) * deviation
    return (samples * 10 ** (version.gain_db / 20)).astype(np.float32)


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
