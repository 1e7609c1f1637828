"""A list of recordings as it sounds over a telephone or in noise, for `edgectl eval`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from tqdm import tqdm

from edged_train import augment
from edged_train.problem import Problem

RATE = 16000
"""Samples per second of what is written: the device's."""


@dataclass(frozen=True)
class Degradation:
    """What happens to each recording: noise first, then the telephone."""

    telephone: bool = False
    noise: tuple[Path, ...] = ()
    """Recordings of noise, one of which is drawn for each recording."""
    snr_db: float = 10.0
    """Power of the whole recording over that of the noise."""
    seed: int = 0


def degrade(degradation: Degradation, manifest: Path, output: Path) -> Path:
    """Writes every recording of a list for `edgectl eval` into `output`, and a list of them, whose path is given back.

    Raises `Problem` for a list or sound that cannot be read.
    """
    try:
        lines = [line.rstrip("\r") for line in manifest.read_text(encoding="utf-8").split("\n") if line.strip()]
    except (OSError, UnicodeDecodeError) as error:
        raise Problem(f"cannot read the list {manifest}: {error}") from error
    output.mkdir(parents=True, exist_ok=True)
    listed = []
    for number, line in enumerate(tqdm(lines, leave=False)):
        path, tab, rest = line.partition("\t")
        samples = augment.read(str(manifest.parent / path), RATE)
        random = np.random.default_rng((degradation.seed, _key(path)))
        target = output / f"{number:05}-{Path(path).stem}.wav"
        augment.write(_degraded(degradation, samples, random), target, RATE)
        listed.append(f"{target.name}{tab}{rest}\n")
    written = output / "list.tsv"
    written.write_text("".join(listed), encoding="utf-8")
    return written


def noise_files(folder: Path) -> tuple[Path, ...]:
    """All files in a folder, by name. Raises `Problem` if there is none."""
    files = tuple(sorted(path for path in folder.rglob("*") if path.is_file()))
    if not files:
        raise Problem(f"{folder} holds no recordings of noise")
    return files


def _degraded(degradation: Degradation, samples: augment.Samples, random: np.random.Generator) -> augment.Samples:
    if degradation.noise:
        noise = _stretch(degradation.noise, len(samples), random)
        samples = augment.add_noise(samples, noise, degradation.snr_db)
    return augment.telephone(samples, RATE) if degradation.telephone else samples


def _stretch(files: Sequence[Path], count: int, random: np.random.Generator) -> augment.Samples:
    """A stretch of one of the recordings; of another one where nothing is to be heard."""
    for _ in range(100):
        stretch = augment.babble([augment.read(str(random.choice(np.array(files, object))), RATE)], count, random)
        if stretch.std() > 0.5:
            return stretch
    raise Problem(f"{files[0].parent} holds nothing but silence")


def _key(path: str) -> int:
    """A number of a recording's name, so that any order of a list draws the same noise for it."""
    return int.from_bytes(Path(path).stem.encode()[-12:], "big")
