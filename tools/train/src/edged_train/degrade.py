"""Degrades a list of recordings for `edgectl eval`: by a room, noise or a telephone."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from tqdm import tqdm

from edged_train import noise, room, sound, telephone, text, writing
from edged_train.alone import alone
from edged_train.problem import Problem
from edged_train.sound import Samples

RATE = 16000
"""Sample rate of the output: the device's."""


@dataclass(frozen=True)
class Degradation:
    """What happens to each recording: the room first, then noise, then the telephone."""

    telephone: bool = False
    noise: tuple[Path, ...] = ()
    """Recordings of noise; one is drawn for each recording."""
    snr_db: float = 10.0
    """Power of the whole recording over that of the noise."""
    seed: int = 0
    rt60_s: float = 0.0
    """Reverberation time of the rooms, of which each recording gets its own; 0 for none."""
    channel: int = 0
    """The only channel that is read and written, counted from 0."""


def degrade(degradation: Degradation, manifest: Path, output: Path) -> Path:
    """Writes every recording of a list for `edgectl eval` into `output`, with a new list, whose path it returns.

    Raises `Problem` if the list or a recording cannot be read or is empty, a recording lacks the channel, or `output` already has a list.
    """
    lines = _lines(manifest)
    with alone(output):
        return _written(degradation, lines, manifest.parent, output)


def _lines(manifest: Path) -> list[str]:
    """The lines that name recordings. What `edgectl eval` would refuse is refused here, before hours of work."""
    lines = []
    for number, line in enumerate(text.read(manifest).splitlines(), 1):
        if not line or line.startswith("#"):
            continue
        columns = line.split("\t")
        if len(columns) not in (2, 3) or not columns[0] or not columns[1]:
            raise Problem(f"{manifest}, line {number}: write “path<TAB>label”, or “path<TAB>label<TAB>session”")
        lines.append(line)
    if not lines:
        raise Problem(f"{manifest} names no recordings: write one “path<TAB>label” a line")
    return lines


def _written(degradation: Degradation, lines: list[str], folder: Path, output: Path) -> Path:
    written = output / "list.tsv"
    if written.exists():
        raise Problem(f"{written} exists already; name another folder")
    listed = []
    for number, line in enumerate(tqdm(lines, leave=False, disable=None)):
        path, tab, rest = line.partition("\t")
        samples = sound.read(str(folder / path), RATE, degradation.channel)
        random = np.random.default_rng((degradation.seed, _key(path)))
        target = output / f"{number:05}-{Path(path).stem}.wav"
        sound.write(_degraded(degradation, samples, random), target, RATE)
        listed.append(f"{target.name}{tab}{rest}\n")
    writing.write(written, "".join(listed).encode())
    return written


def _degraded(degradation: Degradation, samples: Samples, random: np.random.Generator) -> Samples:
    if degradation.rt60_s > 0:
        samples = room.reverberate(samples, room.draw(random, degradation.rt60_s), RATE)
    if degradation.noise:
        heard = noise.recorded(degradation.noise, len(samples), RATE, random)
        samples = noise.add(samples, heard, degradation.snr_db)
    return telephone.band(samples, RATE) if degradation.telephone else samples


def _key(path: str) -> int:
    """A seed from a recording's name, so that it gets the same noise whatever the order of the list."""
    return int.from_bytes(Path(path).stem.encode()[-12:], "big")
