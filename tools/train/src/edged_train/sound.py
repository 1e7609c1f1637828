"""Recordings as samples."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray
from scipy.fft import next_fast_len
from scipy.signal import resample

from edged_train import writing
from edged_train.problem import Problem

Samples = NDArray[np.float32]
"""Mono, in ±1."""

AUDIO_SUFFIXES = {".wav", ".flac", ".ogg", ".opus", ".mp3", ".aiff"}
"""Extensions of files that count as recordings."""


def files(folder: Path) -> list[Path]:
    """All recordings in a folder, by name."""
    return sorted(path for path in folder.rglob("*") if path.suffix.lower() in AUDIO_SUFFIXES)


RATES = (8000, 192_000)
"""Lowest and highest rate of the device's resampler: it could not judge clips of other rates."""

_UNKNOWN = 2**63 - 1
"""The length that libsndfile reports for a FLAC file that does not state it."""


@dataclass(frozen=True)
class Extent:
    """What a recording's header says."""

    channels: int
    samples: int
    """Per channel."""
    rate: int


def extent(path: str) -> Extent:
    """A recording's channels, length and rate. Raises `Problem` if it cannot be read or the device does not support its rate."""
    try:
        info = soundfile.info(path)
    except (OSError, ValueError, soundfile.LibsndfileError) as error:
        raise _unreadable(path, error) from error
    _check_rate(path, info.samplerate)
    if info.frames >= _UNKNOWN:
        raise Problem(
            f"{path} does not say how long it is, as one that was written into a pipe: encode it again, into a file"
        )
    return Extent(int(info.channels), int(info.frames), int(info.samplerate))


def digest(path: str) -> str:
    """A digest of a file's content. Size and date would not do: a recording is often copied anew, and often replaced by one as long."""
    try:
        with Path(path).open("rb") as file:
            return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=16)).hexdigest()
    except OSError as error:
        raise Problem(f"cannot read {path}: {error.strerror}") from error


def read(path: str, rate: int, channel: int = 0) -> Samples:
    """One channel of a recording, counted from 0 as on the device, as samples in ±1 at `rate`.

    The device also takes one channel of stereo: a mean would be quieter where the channels differ in phase. As there, NaN
    samples, which damaged float files contain, become silence, and others are clipped to ±1. Raises `Problem` if the recording
    cannot be read, is empty, lacks the channel, or has a rate that the device does not support.
    """
    try:
        samples, found = soundfile.read(path, dtype="float32", always_2d=True)
    except (OSError, ValueError, soundfile.LibsndfileError) as error:
        raise _unreadable(path, error) from error
    _check_rate(path, found)
    count = samples.shape[1]
    if not 0 <= channel < count:
        raise Problem(f"{path} has {count} channel(s) and no channel {channel}: choose 0 to {count - 1}")
    if not len(samples):
        raise Problem(f"{path} holds no samples: record or copy it again")
    # Before resampling, which would spread a NaN over all samples.
    mono: Samples = np.nan_to_num(np.clip(samples[:, channel], -1, 1))
    if found != rate:
        mono = change_rate(mono, found / rate)
    return mono


def _unreadable(path: str, error: Exception) -> Problem:
    """libsndfile's “system error” usually means that the file does not exist."""
    try:
        Path(path).stat()
    except (FileNotFoundError, NotADirectoryError):
        return Problem(f"there is no file {path}")
    except OSError as reason:
        return Problem(f"cannot read {path}: {reason.strerror}")
    except ValueError as reason:
        return Problem(f"cannot read {path!r}: {reason}")
    return Problem(f"cannot read {path}: {error}")


def _check_rate(path: str, rate: int) -> None:
    least, most = RATES
    if not least <= rate <= most:
        raise Problem(f"{path} has a rate of {rate} Hz, and edgectl reads {least} to {most}: convert it")


def write(samples: Samples, path: Path, rate: int) -> None:
    """Writes 16-bit WAV, rounded to nearest and saturated like an A/D converter. Raises `Problem` if it cannot be written."""
    integers = np.clip(np.rint(samples * 32768), -32768, 32767).astype(np.int16)
    content = writing.made(lambda file: soundfile.write(file, integers, rate, subtype="PCM_16", format="WAV"))
    with writing.attempt(path):
        path.write_bytes(content)


def change_rate(samples: Samples, factor: float) -> Samples:
    """Plays `samples` `factor` times as fast: band-limited, by the Fourier transform of a padded copy. The result is never empty."""
    padded = next_fast_len(len(samples), real=True)
    target = next_fast_len(max(1, int(padded / factor)), real=True)
    changed = resample(np.pad(samples, (0, padded - len(samples))), target)
    return np.asarray(changed[: max(1, int(len(samples) / factor))], dtype=np.float32)
