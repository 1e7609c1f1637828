"""Made-up features in the format that `edgectl features` writes. Imports neither the package nor PyTorch."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from safetensors.numpy import save_file

BANDS = 8


def write_features(path: Path, clips: list[list[np.ndarray]], pauses: int = 60) -> None:
    """A features file whose clips are lists of speech stretches [frames, values] amid silence of `pauses` frames.

    The values are the bands; or the bands, the level and what follows it. Without a level, the bands' mean stands for it.
    """
    raw, offsets, segments, speech, activity = [], [0], [], [], []
    for index, stretches in enumerate(clips):
        width = stretches[0].shape[1] if stretches else BANDS
        frames, heard = [np.zeros((pauses, width))], [np.zeros(pauses)]
        for stretch in stretches:
            start = sum(map(len, frames))
            end = start + len(stretch)
            frames += [stretch, np.zeros((pauses, width))]
            heard += [np.full(len(stretch), 2), np.zeros(pauses)]
            segments.append((index, start - 20, end + 30))
            speech.append((start, end))
        rows = np.concatenate(frames)
        raw.append(rows if width > BANDS else np.concatenate([rows, rows.mean(1, keepdims=True)], axis=1))
        activity += heard
        offsets.append(offsets[-1] + len(rows))
    save_file(
        {
            "raw": np.rint(np.concatenate(raw) * 65536).astype(np.int32),
            "offsets": np.array(offsets, np.int64),
            "segments": np.array(segments, np.int64).reshape(-1, 3),
            "speech": np.array(speech, np.int64).reshape(-1, 2),
            "activity": np.concatenate(activity).astype(np.uint8),
        },
        path,
    )


def speech(random: np.random.Generator, label: str, voice: np.ndarray, frames: int = 60) -> np.ndarray:
    """A stretch whose emotion tilts the spectrum and whose talker colours it."""
    tilt = np.linspace(-1, 1, BANDS) * (1 if label == "angry" else -1)
    return np.asarray(10 + voice + tilt + random.normal(0, 0.5, (frames, BANDS)))
