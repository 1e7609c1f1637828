"""Misses and false alarms of several speech detectors on the same sound."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from edged_train.detector.streams import FRAME, HOP, NOISE, SPEECH

Verdicts = NDArray[np.bool_]


@dataclass(frozen=True)
class Errors:
    """Shares of frames, in %: speech that was missed, noise that was taken for speech."""

    missed: float
    false_alarms: float

    @property
    def total(self) -> float:
        """Their sum: 100 for a detector that guesses."""
        return self.missed + self.false_alarms


def errors(verdicts: Verdicts, truth: NDArray[np.uint8]) -> Errors:
    """The errors of per-frame verdicts. Frames that are neither speech nor noise do not count."""
    return Errors(
        100 * float((~verdicts[truth == SPEECH]).mean()),
        100 * float(verdicts[truth == NOISE].mean()),
    )


def webrtc(samples: NDArray[np.int16], frames: int, mode: int) -> Verdicts:
    """WebRTC's verdicts on stretches of 10 ms; each of our frames gets that of the stretch at its middle."""
    import webrtcvad

    detector = webrtcvad.Vad(mode)
    heard = [
        detector.is_speech(samples[start : start + HOP].tobytes(), 16000)
        for start in range(0, len(samples) - HOP + 1, HOP)
    ]
    middle = FRAME // 2 // HOP
    return np.array(heard, bool)[middle : middle + frames]


def webrtc_all(sounds: Sequence[Path], offsets: NDArray[np.int64], mode: int) -> Verdicts:
    """WebRTC's verdicts on all frames of sound files, with a fresh detector for each file."""
    counts = np.diff(offsets)
    heard = [
        webrtc(soundfile.read(path, dtype="int16")[0], int(count), mode)
        for path, count in zip(sounds, counts, strict=True)
    ]
    return np.concatenate(heard)


def best_threshold(odds: NDArray[np.float32], truth: NDArray[np.uint8]) -> float:
    """The threshold on the log odds, in steps of a quarter, with the least sum of misses and false alarms."""
    steps = np.arange(-3, 3.01, 0.25)
    return float(steps[int(np.argmin([errors(odds > step, truth).total for step in steps]))])


def text(rows: Mapping[str, Mapping[int, Errors]]) -> str:
    """A table with a row per detector and a column per signal-to-noise ratio: the sum and its two parts."""
    ratios = list(next(iter(rows.values())))
    width = max(len(name) for name in rows)
    lines = [" " * width + "".join(f"{f'{ratio} dB':>22}" for ratio in ratios)]
    for name, results in rows.items():
        cells = (f"{e.total:.1f} ({e.missed:.1f} + {e.false_alarms:.1f})" for e in results.values())
        lines.append(f"{name:<{width}}" + "".join(f"{cell:>22}" for cell in cells))
    return "\n".join(lines)
