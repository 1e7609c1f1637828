"""Stored versions of a clip: as another vocal tract, pace, room, noise, telephone line or microphone would make it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from edged_train import made_noise, noise, room, telephone, tempo
from edged_train.recipe import Augmentation
from edged_train.sound import Samples, change_rate

BABBLE_TALKERS = (3, 7)
"""Least number of clips in a babble, and one more than the most."""


@dataclass(frozen=True)
class Version:
    """The parameters of one stored version; the defaults leave the clip as it is. `apply` has the order of the steps."""

    speed: float = 1.0
    """Pitch, formants and pace together."""
    warp: float = 1.0
    """Vocal tract length: formants alone, by the front end."""
    noise_snr_db: float | None = None
    gain_db: float = 0.0
    talkers: int = 0
    """How many other clips make up the babble; 0 for coloured, made or recorded noise."""
    telephone: bool = False
    stretch: float = 1.0
    """Pace alone."""
    semitones: float = 0.0
    """Pitch and formants alone."""
    shift_ms: float = 0.0
    """Delay of the clip: its end is cut, or its beginning if negative."""
    rt60_s: float = 0.0
    """Reverberation time of a room; 0 for none."""
    recorded: bool = False
    """Whether the noise is a recording."""
    made: bool = False
    """Whether the noise is synthetic (`made_noise`)."""


def draw(
    augmentation: Augmentation,
    random: np.random.Generator,
    degraded: bool = False,
    talker: np.random.Generator | None = None,
) -> Version:
    """A version at random; factors uniform in the logarithm.

    `talker`, if given, draws speed, warp, telephone and loudness, so that all of a talker's clips share them.
    """
    common = talker or random

    def factor(bounds: tuple[float, float], source: np.random.Generator) -> float:
        return float(np.exp(source.uniform(np.log(bounds[0]), np.log(bounds[1]))))

    speed, warp = factor(augmentation.speed, common), factor(augmentation.warp, common)
    noisy = random.random() < augmentation.noise_share
    snr = float(random.uniform(*augmentation.noise_snr_db))
    gain = float(random.uniform(*augmentation.stored_gain_db))
    narrow, talkers = False, 0
    if degraded:
        narrow = common.random() < augmentation.telephone_share
        noisy = not narrow or random.random() < augmentation.telephone_noise_share
        snr = float(random.uniform(*augmentation.degraded_snr_db))
        talkers = int(random.integers(*BABBLE_TALKERS)) if noisy and random.random() < augmentation.babble_share else 0
    # Drawn last, and only if the recipe uses them, so that recipes without them draw the same values as before.
    uneven, moved = augmentation.stretch != (1.0, 1.0), augmentation.semitones != (0.0, 0.0)
    stretch = factor(augmentation.stretch, random) if uneven else 1.0
    semitones = float(random.uniform(*augmentation.semitones)) if moved else 0.0
    shift_ms = float(random.uniform(*augmentation.shift_ms)) if augmentation.shift_ms != (0.0, 0.0) else 0.0
    rt60_s = _rt60(augmentation, random)
    alone = noisy and not talkers
    recorded = alone and _happens(augmentation.recorded_share, random)
    made = alone and not recorded and _happens(augmentation.made_share, random)
    if not degraded and _happens(augmentation.loud_share, common):
        gain += float(common.uniform(*augmentation.loud_db))
    return Version(
        speed,
        warp,
        snr if noisy else None,
        gain,
        talkers,
        narrow,
        stretch=stretch,
        semitones=semitones,
        shift_ms=shift_ms,
        rt60_s=rt60_s,
        recorded=recorded,
        made=made,
    )


def _rt60(augmentation: Augmentation, random: np.random.Generator) -> float:
    return float(random.uniform(*augmentation.rt60_s)) if _happens(augmentation.room_share, random) else 0.0


def _happens(share: float, random: np.random.Generator) -> bool:
    return share > 0 and random.random() < share


def apply(
    version: Version,
    samples: Samples,
    rate: int,
    random: np.random.Generator,
    others: Sequence[Samples] = (),
    recordings: Sequence[Path] = (),
) -> Samples:
    """`samples` changed as `version` says, except for the warp, which the front end applies.

    `others` are the clips of the babble; recorded noise is taken from one of `recordings`.
    """
    if version.speed != 1:
        samples = change_rate(samples, version.speed)
    if version.stretch != 1:
        samples = tempo.stretched(samples, version.stretch, rate)
    if version.semitones != 0:
        samples = tempo.repitched(samples, version.semitones, rate)
    samples = shifted(samples, round(version.shift_ms * rate / 1000))
    if version.rt60_s > 0:
        samples = room.reverberate(samples, room.draw(random, version.rt60_s), rate)
    if version.noise_snr_db is not None:
        samples = noise.add(
            samples, _noise(version, len(samples), rate, random, others, recordings), version.noise_snr_db
        )
    if version.telephone:
        samples = telephone.band(samples, rate)
    return (samples * 10 ** (version.gain_db / 20)).astype(np.float32)


def shifted(samples: Samples, count: int) -> Samples:
    """`samples` delayed by `count`, or advanced if negative: zero-padded, at the same length."""
    count = max(-len(samples), min(len(samples), count))
    silence = np.zeros(abs(count), np.float32)
    return np.concatenate([silence, samples[: len(samples) - count]] if count >= 0 else [samples[-count:], silence])


def _noise(
    version: Version,
    count: int,
    rate: int,
    random: np.random.Generator,
    others: Sequence[Samples],
    recordings: Sequence[Path],
) -> Samples:
    if others:
        return noise.babble(others, count, random)
    if version.recorded:
        return noise.recorded(recordings, count, rate, random)
    return made_noise.draw(count, random) if version.made else noise.coloured(count, rate, random)
