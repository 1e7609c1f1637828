"""Bounds of a recipe's numbers: a negative rate or an interval of zero epochs would fail in the middle of the work, or spoil it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from edged_train.recipe.network import MOST_CHANNELS, MOST_HIDDEN, MOST_TAPS

LONGEST_ROOM_S = 2
"""The number of a talker's images in a room grows with the cube of the reverberation time: for 3 s they take 5 GB."""

BOUNDS: dict[str, tuple[float, float]] = {
    "seed": (0, math.inf),
    # The only rate that the device computes features at.
    "front_end.sample_rate": (16_000, 16_000),
    "front_end.frame": (1, math.inf),
    "front_end.hop": (80, math.inf),
    "front_end.fft": (1, math.inf),
    "front_end.bands": (1, math.inf),
    "front_end.coefficients": (1, math.inf),
    "augmentation.versions": (1, math.inf),
    "augmentation.speed": (0.1, 10),
    "augmentation.stretch": (0.1, 10),
    # The range of `edgectl features`.
    "augmentation.warp": (0.5, 2),
    "augmentation.noise_snr_db": (-100, 100),
    "augmentation.degraded_snr_db": (-100, 100),
    "augmentation.stored_gain_db": (-100, 100),
    "augmentation.loud_db": (-100, 100),
    "augmentation.semitones": (-24, 24),
    "augmentation.shift_ms": (-60_000, 60_000),
    "augmentation.telephones_drawn": (-1, 1),
    "augmentation.tempo": (0, 1),
    "augmentation.gain_db": (0, 100),
    "augmentation.session_gain_db": (0, 100),
    "augmentation.time_masks": (0, math.inf),
    "augmentation.time_mask_frames": (0, math.inf),
    "augmentation.frequency_masks": (0, math.inf),
    "augmentation.frequency_mask_coefficients": (0, math.inf),
    "augmentation.extra_mask_columns": (0, math.inf),
    "augmentation.mixup": (0, 100),
    "segmentation.jitter": (0, 10),
    "segmentation.past_segments": (0, math.inf),
    "network.channels": (1, MOST_CHANNELS),
    "network.hidden": (1, MOST_HIDDEN),
    "network.head": (1, MOST_CHANNELS),
    "network.kernel": (1, MOST_TAPS),
    "network.stem_kernel": (1, MOST_TAPS),
    "network.dilations": (1, MOST_TAPS),
    "training.epochs": (1, math.inf),
    # BatchNorm needs more than one example.
    "training.batch": (2, math.inf),
    "training.weight_decay": (0, 100),
    "training.plateau": (1, math.inf),
    "training.label_smoothing": (0, 1),
    "training.sharpness": (0, 100),
    "training.distillation": (0, 1),
    "training.evaluate_every": (1, math.inf),
    "training.patience": (1, math.inf),
    "evaluation.orders": (1, math.inf),
    "evaluation.gains_db": (-100, 100),
}
"""Minimum and maximum; for a list, of each of its numbers."""

ABOVE_ZERO: dict[str, float] = {
    "training.learning_rate": 1,
    "training.plateau_factor": 1,
    "training.clip_norm": math.inf,
    "augmentation.rt60_s": LONGEST_ROOM_S,
}
"""Numbers that must be above zero, with their maximum; for a range, of both ends."""

BELOW_ONE = (
    "training.betas",
    "training.warm_up",
    "training.average",
    "network.convolution_dropout",
    "network.recurrent_dropout",
    "network.head_dropout",
)
"""Shares that must be below 1; for a pair, both."""


def contradictions(recipe: Any) -> Iterator[str]:
    """Yields a sentence for each number that is out of bounds or NaN."""
    for key, (least, most) in BOUNDS.items():
        if not all(least <= value <= most for value in values(recipe, key)):
            yield f"{key} must " + _between(least, most)
    for key, most in ABOVE_ZERO.items():
        if not all(0 < value <= most for value in values(recipe, key)):
            yield f"{key} must be above 0" + ("" if most == math.inf else f" and at most {most:g}")
    for key in BELOW_ONE:
        if not all(0 <= value < 1 for value in values(recipe, key)):
            yield f"{key} must lie in 0…1, without 1"


def _between(least: float, most: float) -> str:
    if least == most:
        return f"be {least:g}"
    return f"be at least {least:g}" if most == math.inf else f"lie in {least:g}…{most:g}"


def values(recipe: Any, key: str) -> tuple[float, ...]:
    """The number, or numbers of a list, at the dotted path `key`."""
    value = recipe
    for name in key.split("."):
        value = getattr(value, name)
    return value if isinstance(value, tuple) else (value,)
