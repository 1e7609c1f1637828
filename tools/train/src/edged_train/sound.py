"""Recordings as samples."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray
from scipy.fft import next_fast_len
from scipy.signal import resample

from edged_train.problem import Problem

Samples = NDArray[np.float32]
"""Mono, in ±1."""

AUDIO_SUFFIXES = {".wav", ".flac", ".ogg", ".opus", ".mp3", ".aiff"}
"""What is taken for a recording in a folder."""


def files(folder: Path) -> list[Path]:
    """All recordings in a folder, by name."""
    return sorted(path for path in folder.rglob("*") if path.suffix.lower() in AUDIO_SUFFIXES)


def read(path: str, rate: int) -> Samples:
    """A recording as mono samples in ±1 at `rate`. Raises `Problem` if it cannot be read."""
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


def change_rate(samples: Samples, factor: float) -> Samples:
    """Plays `samples` `factor` times as fast: band-limited, by the Fourier transform of a padded copy."""
    padded = next_fast_len(len(samples), real=True)
    target = next_fast_len(int(padded / factor), real=True)
    changed = resample(np.pad(samples, (0, padded - len(samples))), target)
    return np.asarray(changed[: int(len(samples) / factor)], dtype=np.float32)
