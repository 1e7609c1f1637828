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


def channels(path: str) -> int:
    """How many channels a recording has. Raises `Problem` if it cannot be read."""
    try:
        return int(soundfile.info(path).channels)
    except (OSError, soundfile.LibsndfileError) as error:
        raise Problem(f"cannot read {path}: {error}") from error


def read(path: str, rate: int, channel: int = 0) -> Samples:
    """One channel of a recording, counted from 0 as the device counts, as samples in ±1 at `rate`.

    Of stereo the device hears one channel, too: a mean would be another sound, quieter where the channels differ in phase.
    Raises `Problem` if it cannot be read or has no such channel.
    """
    try:
        samples, found = soundfile.read(path, dtype="float32", always_2d=True)
    except (OSError, soundfile.LibsndfileError) as error:
        raise Problem(f"cannot read {path}: {error}") from error
    count = samples.shape[1]
    if not 0 <= channel < count:
        raise Problem(f"{path} has {count} channel(s) and no channel {channel}: choose 0 to {count - 1}")
    mono: Samples = np.ascontiguousarray(samples[:, channel])
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
