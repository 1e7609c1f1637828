"""The optimizer, its schedule, when to stop, and how the dev clips are heard."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Training:
    """The optimizer, its schedule, and when to stop."""

    epochs: int = 60
    batch: int = 32
    learning_rate: float = 1.5e-3
    weight_decay: float = 0.05
    """On matrices and kernels only."""
    betas: tuple[float, float] = (0.9, 0.99)
    warm_up: float = 0.06
    """Share of all steps; the schedule follows."""
    schedule: str = "cosine"
    """`cosine` to zero, or `plateau`: the rate is multiplied by `plateau_factor` whenever `plateau` evaluations bring no best."""
    plateau: int = 3
    plateau_factor: float = 0.5
    clip_norm: float = 2.0
    average: float = 0.998
    """Decay of the exponential moving average of the weights, which is what is evaluated and exported."""
    label_smoothing: float = 0.05
    sharpness: float = 0.0
    """Radius within which a step's gradient is taken at the worst place (ASAM; 0: where the weights are). Twice the time."""
    distillation: float = 0.0
    """Share of the targets that the mean answer of `train --teachers` takes (0: the labels alone)."""
    clean_teachers: bool = False
    """Whether the teachers hear the clip itself where the pupil hears a version of it, masked and degraded, not the same."""
    evaluate_every: int = 2
    """Epochs between evaluations on the dev clips."""
    patience: int = 12
    """Evaluations without a new best after which training stops."""


@dataclass(frozen=True)
class Evaluation:
    """How the dev clips are heard."""

    protocol: str = "sessions"
    """What training's best is: in `sessions` as the device hears them, or `whole` clips, each on its own."""
    orders: int = 3
    """Random orders in which a talker's clips are heard, averaged."""
    gains_db: tuple[float, ...] = ()
    """Further microphone gains at which the dev clips are prepared and judged."""
