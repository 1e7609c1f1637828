"""Features and segments from the device's front end and detector.

`edgectl features --front-end FRONT_END.json --manifest LIST.tsv --output FILE.safetensors` reads one line per clip, a path and optionally a
mel warp factor, and writes five tensors:

- `raw` int32 [frames, rawCount]: raw vectors of all clips, one after the other, Q16 (natural log mel power of
  each band, then the level, then the voice features where the front end has them);
- `offsets` int64 [clips + 1]: where each clip's frames begin in `raw`;
- `segments` int64 [segments, 3]: clip, first frame, frame after the last, counted from the clip's first frame,
  preroll and hangover included;
- `speech` int64 [segments, 2]: the detected speech inside each segment, counted likewise;
- `activity` uint8 [frames]: the detector's verdict on each frame, 0 for quiet.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from safetensors.numpy import load_file

from edged_train import writing
from edged_train.problem import Problem
from edged_train.recipe import FrontEnd

ONE = 65536
"""1.0 in Q16, the number format of raw vectors."""


NAMES = ("raw", "offsets", "segments", "speech", "activity")
"""The tensors of a features file."""


@dataclass(frozen=True)
class Features:
    """The features of a list of clips."""

    raw: NDArray[np.int32]
    offsets: NDArray[np.int64]
    segments: NDArray[np.int64]
    speech: NDArray[np.int64]
    activity: NDArray[np.uint8]

    @property
    def clip_count(self) -> int:
        """Number of clips, including those without speech."""
        return len(self.offsets) - 1

    def speech_means(self, values: int) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """Each segment's mean over its speech frames of the first `values` values, which the talker's baseline remembers.

        Also the number of those frames, at least one.
        """
        means = np.zeros((len(self.segments), values), np.float32)
        counts = np.zeros(len(self.segments), np.int64)
        first = self.offsets[self.segments[:, 0]]
        for index, (start, end) in enumerate((self.speech + first[:, None]).tolist()):
            heard = self.raw[start:end, :values][self.activity[start:end] > 0]
            means[index] = heard.mean(axis=0, dtype=np.float64) / ONE
            counts[index] = len(heard)
        return means, counts

    def of(self, clips: NDArray[np.int64]) -> Features:
        """The features of some of the clips, whose indices must be ascending."""
        frames = np.concatenate([np.arange(self.offsets[clip], self.offsets[clip + 1]) for clip in clips.tolist()])
        offsets = np.concatenate([[0], np.cumsum(np.diff(self.offsets)[clips])])
        kept = np.isin(self.segments[:, 0], clips)
        segments = self.segments[kept].copy()
        segments[:, 0] = np.searchsorted(clips, segments[:, 0])
        return Features(self.raw[frames], offsets, segments, self.speech[kept], self.activity[frames])

    def values(self, count: int) -> NDArray[np.float32]:
        """The first `count` values of every raw vector as real numbers."""
        return np.asarray(self.raw[:, :count], dtype=np.float32) / np.float32(ONE)


def clip_lengths(path: Path) -> NDArray[np.int64]:
    """The number of frames of each clip in a features file, without reading them.

    Raises `Problem` if the file is missing or damaged.
    """
    try:
        with safe_open(path, framework="np") as file:
            return np.asarray(np.diff(file.get_tensor("offsets")), np.int64)
    except (OSError, SafetensorError) as error:
        raise Problem(f"cannot read the features {path}: {error}") from error


def silent_clips(path: Path) -> list[int]:
    """The indices of the clips without any segment in a features file, without reading the frames.

    Raises `Problem` if the file is missing or damaged.
    """
    try:
        with safe_open(path, framework="np") as file:
            spoken = set(file.get_tensor("segments").reshape(-1, 3)[:, 0].tolist())
            return [clip for clip in range(len(file.get_tensor("offsets")) - 1) if clip not in spoken]
    except (OSError, SafetensorError) as error:
        raise Problem(f"cannot read the features {path}: {error}") from error


def load(path: Path) -> Features:
    """Reads and checks a features file. Raises `Problem` if it is missing, damaged or inconsistent."""
    try:
        tensors = load_file(path)
    except (OSError, SafetensorError) as error:
        raise Problem(f"cannot read the features {path}: {error}") from error
    missing = set(NAMES) - set(tensors)
    if missing:
        raise Problem(f"{path} lacks {', '.join(sorted(missing))}: write it with edgectl features")
    features = Features(*(tensors[name] for name in NAMES))
    lengths = np.diff(features.offsets)
    clip, start, end = features.segments.reshape(-1, 3).T
    speech_start, speech_end = features.speech.reshape(-1, 2).T
    consistent = (
        features.raw.ndim == 2
        and features.offsets[-1] == len(features.raw) == len(features.activity)
        and bool((lengths >= 0).all())
        and len(features.speech) == len(features.segments)
        and bool(((clip >= 0) & (clip < features.clip_count)).all())
        and bool(((start >= 0) & (start <= speech_start) & (speech_start < speech_end)).all())
        and bool(((speech_end <= end) & (end <= lengths[clip])).all())
        and bool((features.activity[features.offsets[clip] + speech_start] > 0).all())
    )
    if not consistent:
        raise Problem(f"{path}: offsets, segments and frames disagree; write it anew with edgectl features")
    return features


def compute(
    edgectl: str,
    front_end: FrontEnd,
    paths: Sequence[Path | str],
    warps: Sequence[float],
    output: Path,
    jobs: int,
    detector: Path | None = None,
) -> None:
    """Runs the device's front end over `paths`; `detector` segments speech in place of the energy detector.

    Raises `Problem` with the error output of `edgectl` if it fails.
    """
    manifest, definition = output.with_suffix(".tsv"), output.with_suffix(".json")
    _write(definition, json.dumps(front_end.document()))
    # A manifest's relative paths are relative to the manifest; these are relative to the working directory.
    absolute = [Path(path).absolute() for path in paths]
    lines = [f"{path}\t{warp:.6f}\n" if warp != 1 else f"{path}\n" for path, warp in zip(absolute, warps, strict=True)]
    _write(manifest, "".join(lines))
    command = [edgectl, "features", "--front-end", str(definition), "--manifest", str(manifest)]
    command += ["--output", str(output), "--jobs", str(jobs)]
    if detector:
        command += ["--detector", str(detector)]
    try:
        run = subprocess.run(command, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    except OSError as error:
        raise Problem(f"cannot run {edgectl}: {error.strerror}; name the program with --edgectl") from error
    if run.returncode != 0:
        raise Problem(f"{' '.join(command)} failed ({run.returncode}): {run.stderr.strip()[-500:]}")
    manifest.unlink()
    definition.unlink()


def _write(path: Path, content: str) -> None:
    with writing.attempt(path):
        path.write_text(content, encoding="utf-8")
