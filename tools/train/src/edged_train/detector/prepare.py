"""Prepares streams on disk with the device's front end, for training and for measuring.

Sound is written in parts, processed by `edgectl features`, and deleted; log-mel bands and ground truth are kept. The
streams for measuring keep their sound too, because other detectors need it.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load_file, save_file
from tqdm import tqdm

from edged_train import features, sound
from edged_train.detector.streams import RATE, Material, Stream, mixed, recorded, training_stream
from edged_train.problem import Problem
from edged_train.recipe import FrontEnd
from edged_train.sound import Samples

OPEN_NOISE = frozenset({0, 1, 10, 11, 12, 20, 21, 38, 40, 41})
"""ESC-50 targets of its subset ESC-10, which is CC BY 3.0; the others are CC BY-NC and only used for measuring."""

MEASURED_SNRS = (20, 10, 0)
"""Decibels of speech over noise at which detectors are compared."""

PART = 150
"""Streams written at once: 10 s each, 48 MB."""


@dataclass(frozen=True)
class Sources:
    """Paths of the clips and noise recordings that streams are made of."""

    train: tuple[str, ...]
    dev: tuple[str, ...]
    open_noise: tuple[str, ...]
    held_noise: tuple[str, ...]


@dataclass(frozen=True)
class Streams:
    """The device's features, natural log-mel bands [frames, bands], and the ground truth."""

    bands: NDArray[np.float32]
    truth: NDArray[np.uint8]
    offsets: NDArray[np.int64]
    activity: NDArray[np.uint8]
    """The energy detector's verdict on each frame; 0 is quiet."""


def sources(corpus: Path) -> Sources:
    """The clips and the noise of a corpus folder with `INDEX.tsv`; ESC-50's file names give the class of noise."""
    index = corpus / "INDEX.tsv"
    try:
        with index.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file, delimiter="\t"))
    except OSError as error:
        raise Problem(f"cannot read {index}: {error.strerror}") from error
    clips = [row for row in rows if row["dataset"] == "crema_d" and row["stem"] != "1076_MTI_SAD_XX"]
    noise = [str(corpus / row["path"]) for row in rows if row["dataset"] == "esc50"]
    is_open = [int(Path(path).stem.rsplit("-", 1)[1]) in OPEN_NOISE for path in noise]
    return Sources(
        tuple(str(corpus / row["path"]) for row in clips if row["split"] == "train"),
        tuple(str(corpus / row["path"]) for row in clips if row["split"] == "dev"),
        tuple(path for path, free in zip(noise, is_open, strict=True) if free),
        tuple(path for path, free in zip(noise, is_open, strict=True) if not free),
    )


@dataclass(frozen=True)
class Parts:
    """Clips of most talkers, and of a few held out for choosing thresholds."""

    kept: tuple[str, ...]
    held: tuple[str, ...]


def without_talkers(paths: tuple[str, ...], count: int = 6) -> Parts:
    """Holds out the last `count` talkers; CREMA-D's file names begin with the talker's four digits."""
    held = set(sorted({Path(path).stem[:4] for path in paths})[-count:])
    return Parts(
        tuple(path for path in paths if Path(path).stem[:4] not in held),
        tuple(path for path in paths if Path(path).stem[:4] in held),
    )


def write_calibration(material: Material, folder: Path, count: int = 120) -> None:
    """Writes sound for `edgectl quantize --calibrate`: further streams made like those for training."""
    folder.mkdir(parents=True, exist_ok=True)
    for index in range(count):
        stream = training_stream(material, 10.0, np.random.default_rng((77, index)))
        sound.write(stream.samples, folder / f"{index:03}.wav", RATE)


def read_all(paths: tuple[str, ...]) -> tuple[Samples, ...]:
    """Reads all recordings into memory: an hour is 230 MB."""
    return tuple(sound.read(path, RATE) for path in tqdm(paths, desc="reading", leave=False, disable=None))


def without_silence(recording: Samples) -> Samples:
    """A noise recording without the digital silence that pads it to its length."""
    heard = np.flatnonzero(np.abs(recording) > 2e-4)
    return recording[heard[0] : heard[-1] + 1] if len(heard) > RATE // 10 else recording[:0]


def training(
    material: Material, count: int, seconds: float, seed: int, hear: Callable[[list[Stream], str], Streams]
) -> Iterator[Streams]:
    """`count` training streams in parts, processed by `hear`."""
    for first in range(0, count, PART):
        streams = [
            training_stream(material, seconds, np.random.default_rng((seed, index)))
            for index in tqdm(
                range(first, min(count, first + PART)), desc=f"streams from {first}", leave=False, disable=None
            )
        ]
        yield hear(streams, f"part{first}")


def measured(dev: tuple[str, ...], noise: tuple[str, ...], snr_db: float) -> Iterator[Stream]:
    """Every dev clip once, with the next recording of noise, which starts a second before and ends a second after it."""
    recordings = [
        recording for recording in (without_silence(sound.read(path, RATE)) for path in noise) if len(recording)
    ]
    order = np.random.default_rng(0).permutation(len(recordings))
    for index, path in enumerate(dev):
        random = np.random.default_rng((1, index))
        clip = sound.read(path, RATE)
        count = len(clip) + 2 * RATE
        heard = recorded(recordings[order[index % len(order)]], count, random)
        stream = mixed(clip, heard, snr_db, RATE, RATE)
        peak = float(np.abs(stream.samples).max())
        yield Stream(stream.samples * np.float32(min(1, 0.99 / peak)), stream.truth)


def device_ear(
    edgectl: str, front_end: FrontEnd, folder: Path, keep: bool = False
) -> Callable[[list[Stream], str], Streams]:
    """A function that runs streams through `edgectl features` by way of sound files in `folder`, kept if `keep`."""
    folder = folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)

    def hear(streams: list[Stream], name: str) -> Streams:
        paths = [folder / f"{name}-{index:04}.wav" for index in range(len(streams))]
        for path, stream in zip(paths, streams, strict=True):
            sound.write(stream.samples, path, RATE)
        output = folder / f"{name}.safetensors"
        features.compute(edgectl, front_end, paths, [1.0] * len(paths), output, 1)
        heard = features.load(output)
        output.unlink()
        if not keep:
            for path in paths:
                path.unlink()
        truth = np.concatenate([stream.truth for stream in streams])
        if len(truth) != len(heard.raw):
            raise Problem(f"{edgectl} made {len(heard.raw)} frames of sound that has {len(truth)}")
        return Streams(heard.values(front_end.bands), truth, heard.offsets, heard.activity)

    return hear


def save(parts: Iterator[Streams], path: Path) -> None:
    """Writes parts as one file. Raises `Problem` if it cannot be written."""
    collected = list(parts)
    lengths = np.concatenate([np.diff(part.offsets) for part in collected])
    tensors = {
        "bands": np.concatenate([part.bands for part in collected]).astype(np.float16),
        "truth": np.concatenate([part.truth for part in collected]),
        "activity": np.concatenate([part.activity for part in collected]),
        "offsets": np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
    }
    try:
        save_file(tensors, path)
    except SafetensorError as error:
        path.unlink(missing_ok=True)
        raise Problem(f"cannot write {path}: {error}; make room, or choose another place") from error


def load(path: Path) -> Streams:
    """Reads what `save` wrote. Raises `Problem` if it cannot be read."""
    try:
        tensors = load_file(path)
    except OSError as error:
        raise Problem(f"cannot read {path}: {error}; make it with “edged-train detector prepare”") from error
    return Streams(tensors["bands"].astype(np.float32), tensors["truth"], tensors["offsets"], tensors["activity"])


def heard_by(edgectl: str, detector: Path, front_end: FrontEnd, sounds: list[Path], folder: Path) -> NDArray[np.uint8]:
    """Verdicts of a detector file on every frame of sound files, run by `edgectl`; 0 is quiet."""
    output = folder / "heard.safetensors"
    features.compute(edgectl, front_end, [path.resolve() for path in sounds], [1.0] * len(sounds), output, 1, detector)
    activity = features.load(output).activity
    output.unlink()
    return activity
